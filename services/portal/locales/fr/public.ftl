### Pages that need no sign-in, and the pages for what went wrong.

claim = Vos demandes, ce qui a été décidé et qui doit agir.
claim-who = Un seul espace pour les agents en activité, les retraités et leurs familles.
claim-apply = Faire une demande en quelques minutes, depuis un téléphone
claim-follow = Savoir, pour chaque dossier, qui doit agir
claim-safe = Vos pièces sont chiffrées et chaque ouverture est enregistrée

sign-in-title = Se connecter à l’espace adhérent
sign-in = Se connecter
sign-in-again = Se reconnecter
sign-in-ended = Connectez-vous pour ouvrir cette page. Ce que vous aviez déjà enregistré est gardé.
sign-in-password-set = Votre mot de passe est enregistré. Vous pouvez vous connecter.
account-link = Récupérer le mot de passe / ouvrir un compte
matricule = Matricule
matricule-hint = 8 chiffres au plus, comme sur votre bulletin de paie
matricule-problem = Tapez le matricule : 1 à 8 chiffres, sans lettre
password = Mot de passe
password-missing = Tapez votre mot de passe
slow-down-seconds = { $count ->
    [one] Trop d’essais. Attendez une seconde, puis réessayez.
   *[other] Trop d’essais. Attendez { $count } secondes, puis réessayez.
}
slow-down = { $count ->
    [one] Trop d’essais. Attendez une minute, puis réessayez.
   *[other] Trop d’essais. Attendez { $count } minutes, puis réessayez.
}
away-try-again = Le service ne répond pas pour l’instant. Ce que vous avez tapé est gardé ci-dessous, sauf le mot de passe. Réessayez dans une minute.

robot-label = Je ne suis pas un robot
robot-idle = Cochez : votre appareil fait un petit calcul
robot-working = Calcul en cours sur votre appareil…
robot-done = Vérifié sur votre appareil
robot-failed = La vérification n’a pas abouti. Cochez à nouveau, ou répondez à la question.
robot-away = La vérification « Je ne suis pas un robot » n’est pas disponible. Réessayez dans quelques minutes.
robot-failed-alone = La vérification n’a pas abouti. Cochez à nouveau.
robot-carried = Votre vérification « Je ne suis pas un robot » est gardée.
robot-answer-refused = La réponse n’est pas la bonne, ou elle est arrivée trop tard. Répondez à la nouvelle question.
robot-question-instead = Répondre plutôt à une question
robot-question-hint = Répondez en chiffres ou en lettres
robot-missing = Cochez « Je ne suis pas un robot » ou répondez à la question

account-title = Récupérer le mot de passe / ouvrir un compte
account-lead = C’est le même formulaire. S’il correspond au fichier du personnel, vous recevez par e-⁠mail un lien pour choisir votre mot de passe.
cin = Numéro de la carte nationale (CIN)
cin-hint = Une ou deux lettres puis des chiffres, par exemple ZZ100001
cin-problem = Tapez le numéro de la CIN : une ou deux lettres, puis 1 à 6 chiffres
position = Position administrative
position-problem = Choisissez votre position
province = Province
email = Adresse e-mail
email-hint = Celle de votre dossier. En activité : votre adresse professionnelle.
email-problem = Tapez une adresse complète, comme nom@domaine.example
email-not-professional = En activité, tapez votre adresse professionnelle (@{ $domain })
pension = Numéro de pension
pension-hint = Seulement pour les retraités : lettres et chiffres, 12 au plus
pension-problem = Tapez le numéro de pension : 1 à 12 lettres ou chiffres
account-sent-title = Votre demande est enregistrée
account-sent-text = Si les informations correspondent au fichier du personnel, un e-mail part dans les dix minutes vers l’adresse de votre dossier. Par sécurité, cette page est la même pour tous.
account-sent-open = Ouvrez l’e-mail
account-sent-open-text = Regardez aussi dans les courriers indésirables. Un nouveau lien annule le précédent.
account-sent-choose = Cliquez sur le lien et choisissez un mot de passe
account-sent-choose-text = Le lien sert une seule fois, pendant 30 minutes.
account-sent-sign-in = Connectez-vous
account-sent-sign-in-text = Avec votre matricule et ce mot de passe.
account-nothing = Rien reçu après dix minutes ?
account-nothing-text = L’adresse de votre dossier est peut-être absente ou différente. Passez au guichet avec votre carte nationale :
account-again = Corriger et renvoyer
back-to-sign-in = Retour à la connexion

link-title = Choisissez votre mot de passe
link-lead = Votre lien est valable. Après l’enregistrement, il ne servira plus.
link-expired-title = Ce lien ne peut plus servir
link-expired-text = Il a expiré, il a déjà servi, ou vous en avez demandé un plus récent. Demandez un nouveau lien : cela prend une minute.
link-expired-again = Demander un nouveau lien
password-rules = Un bon mot de passe
password-rule-length = { $count ->
    [one] Au moins { $count } caractère : une phrase que vous retenez convient très bien
   *[other] Au moins { $count } caractères : une phrase que vous retenez convient très bien
}
password-rule-any = Toutes les lettres, espaces et signes sont acceptés, rien n’est imposé
password-rule-common = Pas un mot de passe connu de tous, comme une suite de chiffres
password-rule-own = Ni votre matricule, ni le nom de la fondation
password-new = Nouveau mot de passe
password-new-hint = Au moins { $min } caractères
password-again = Le même, une seconde fois
password-save = Enregistrer le mot de passe
password-short = Ajoutez des caractères : il en faut au moins { $min }
password-long = Raccourcissez : 128 caractères au plus
password-differs = Les deux mots de passe diffèrent : tapez deux fois le même

terms-title = Conditions d’utilisation
terms-version = Version { $version } du { $date }
terms-accept-title = Accepter les conditions
terms-accept-lead = Lisez les conditions ci-dessous, puis acceptez-les pour ouvrir les services.
terms-accept-note = La date et la version que vous acceptez sont gardées. Sans accord, aucun service ne s’ouvre : vous pouvez vous déconnecter.

signed-out-title = Vous êtes déconnecté(e)
signed-out-text = Sur un appareil partagé, fermez aussi cette fenêtre.

privacy-title = Vie privée
privacy-lead = Ce que nous gardons sur vous, pourquoi, combien de temps, et vos droits selon la loi 09-⁠08.
privacy-what = Ce que nous gardons
privacy-what-text = Votre identité, votre position, votre famille déclarée et votre compte bancaire viennent du fichier du personnel. S’y ajoutent vos demandes et vos pièces.
privacy-what-health = Les pièces médicales ne sont demandées qu’après votre consentement. Chaque fichier est chiffré avec sa propre clé.
privacy-who = Qui les lit
privacy-who-text = Seules les personnes qui traitent votre dossier. Chaque ouverture d’une pièce médicale est inscrite dans un journal. Rien n’est vendu ni donné à des tiers.
privacy-long = Combien de temps
privacy-long-text = Les pièces envoyées sont gardées chiffrées avec la demande, tant que la fondation doit pouvoir justifier sa décision. Un brouillon sans usage est effacé après 90 jours au plus ; une pièce qui n’a été envoyée avec aucune demande est effacée aussi. Le dossier comptable est gardé le temps que la loi impose.
privacy-rights = Vos droits
privacy-rights-text = Vous pouvez demander à voir vos données, les faire corriger, et vous opposer à un usage.
privacy-rights-where = Écrivez au guichet ou passez-y : la page Contact donne l’adresse. Vous pouvez aussi saisir la Commission nationale (CNDP).
privacy-cookies = Cookies
privacy-cookies-text = Trois cookies, tous nécessaires : votre session, la reconnaissance de votre appareil, la protection des formulaires. Aucune mesure d’audience, aucun service extérieur.

accessibility-title = Accessibilité
accessibility-lead = Ce site vise le niveau AA des règles WCAG 2.2, en arabe et en français.
accessibility-works = Ce qui fonctionne
accessibility-works-keyboard = Tout se fait au clavier, avec un repère visible. Les pages se lisent avec un lecteur d’écran et s’agrandissent jusqu’à 200 % sans perte.
accessibility-works-script = Les démarches principales marchent aussi sans JavaScript.
accessibility-works-robot = La vérification « Je ne suis pas un robot » ne demande ni image ni son ; une question en mots la remplace.
accessibility-limits = Ce qui peut gêner
accessibility-limits-text = Les fichiers PDF que vous envoyez sont affichés tels quels : s’ils sont des images, un lecteur d’écran ne les lira pas.
accessibility-tell = Nous signaler une gêne
accessibility-tell-text = Dites-nous quelle page et quel outil vous utilisez : la page Contact donne l’adresse, le téléphone et l’e-mail du guichet.

contact-title = Contact
contact-lead = Le guichet vous aide à ouvrir un compte, à déposer une preuve de votre compte bancaire et à mettre à jour les données de votre famille.
contact-bring = Que faut-il apporter ?
contact-bring-account = Pour un compte : la carte nationale et un bulletin de paie ou de pension
contact-bring-bank = Pour le compte bancaire : une attestation de RIB ou un spécimen de chèque
contact-bring-family = Pour la famille : l’acte de mariage ou de naissance
contact-never = La fondation ne vous demande jamais votre mot de passe, ni par téléphone, ni par e-mail.

error-code = Code
error-answers-kept = Vos réponses sont gardées : vous les retrouverez dans la page, inutile de les ressaisir.
error-session-title = Votre session est terminée
error-session-text = Par sécurité, la session se ferme après un temps sans activité. Reconnectez-vous pour continuer là où vous étiez.
error-session-short = Votre session est terminée. Reconnectez-vous, puis renvoyez le fichier.
error-away-title = Le service est interrompu pour quelques minutes
error-away-text = Une partie de la plateforme ne répond pas. Rien n’a été envoyé à moitié. Réessayez dans une minute.
error-away-short = Le service ne répond pas. Réessayez dans une minute.
error-missing-title = Cette page n’existe pas
error-missing-text = L’adresse est fausse, ou cette page ne vous concerne pas. Retrouvez vos dossiers à partir de l’accueil.
error-missing-text-office = L’adresse est fausse, ou ce dossier n’est pas ouvert à votre fonction. Les dossiers se retrouvent par leur numéro, depuis le bureau.
error-missing-short = Introuvable.
error-forbidden-title = Cette page ne vous est pas ouverte
error-forbidden-text = Le formulaire est trop ancien ou vient d’ailleurs, ou votre compte n’a pas ce droit. Rouvrez la page depuis l’accueil et recommencez.
error-forbidden-text-office = Cette page est celle d’une autre fonction, ou le formulaire est trop ancien. Rouvrez-la depuis le bureau ; un administrateur change les fonctions.
error-forbidden-short = Le formulaire est trop ancien. Rechargez la page.
error-unreadable-title = Nous n’avons pas pu lire cet envoi
error-unreadable-text = L’envoi est incomplet ou trop grand. Revenez à la page et recommencez.
error-unreadable-short = L’envoi est incomplet. Recommencez.
error-refused-title = Ce n’est pas possible
error-unforeseen-title = Une erreur s’est produite chez nous
error-unforeseen-text = Elle est enregistrée et nous l’examinons. Réessayez dans quelques minutes ; si elle revient, écrivez-nous.
error-unforeseen-short = Une erreur s’est produite chez nous. Réessayez.
