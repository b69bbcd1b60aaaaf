### The agents' space: queues, files, papers, desk, accounts, trails; the second factor; the printed code.

office-home = Bureau
office-home-today = Le { $date } · { $duties }
office-back = Aller au bureau
office-desk = Guichet
office-nothing = Rien n’est encore ouvert pour votre fonction
office-nothing-text = Votre compte est actif. Les pages de cette fonction s’ouvriront ici ; vous n’avez rien à faire d’ici là.
office-no-duty = Vos fonctions ne sont pas encore en vigueur
office-no-duty-text = Votre compte est actif, mais aucune de vos fonctions n’est encore en vigueur. Le plus souvent, il n’a pas été noté si vous êtes aussi adhérent : sans cela, aucun dossier ne s’ouvre, pour que personne ne traite le sien. Demandez à l’administrateur des comptes d’agents de noter votre matricule, ou que vous n’êtes pas adhérent, et de vérifier vos fonctions ; connectez-vous ensuite de nouveau.

rail-label = Rubriques du bureau
rail-queues = Mes files
rail-work = Travail

role-front-desk = Guichet
role-case-officer = Instruction
role-health-reviewer = Avis médical
role-validator = Validation
role-finance = Finances
role-administrator = Administration
role-auditor = Audit
role-other = Autre fonction
role-note-front-desk = Reçoit les adhérents et imprime les codes d’activation. Exclut l’audit.
role-note-case-officer = Instruit et propose, sans voir de pièce médicale. Exclut l’avis médical, la validation et l’audit.
role-note-health-reviewer = Lit les pièces médicales et donne un avis. Exclut l’instruction, la validation, l’administration et l’audit.
role-note-validator = Décide ce qu’un autre a proposé. Exclut l’instruction, l’avis médical, les finances et l’audit.
role-note-finance = Paie ce qui est décidé. Exclut la validation et l’audit.
role-note-administrator = Gère les comptes des agents. Exclut l’avis médical et l’audit.
role-note-auditor = Lit les journaux et ne change rien. Exclut toutes les autres fonctions.
role-note-other = Fonction inconnue.

menu-agent = Pour vos collègues : Agent { $code }
actor-you = vous
actor-colleague = Agent { $code }
actor-member = Adhérent(e)
actor-other-member = Autre adhérent(e)
actor-service = Plateforme
actor-app = Plateforme
actor-other = Plateforme

queue-opinion = Avis médical
queue-examination = À instruire
queue-validation = À valider
queue-waiting = Compléments attendus
queue-all = Tous les dossiers
queue-other = Autre file
queue-count = { $count ->
    [0] aucun dossier
    [one] un dossier
   *[other] { $count } dossiers
}
queue-unassigned = { $count ->
    [0] tous attribués
    [one] un non attribué
   *[other] { $count } non attribués
}
queue-mine = { $count ->
    [0] aucun chez vous
    [one] un chez vous
   *[other] { $count } chez vous
}
queue-oldest = { $count ->
    [0] Le plus ancien est d’aujourd’hui
    [one] Le plus ancien attend depuis un jour
   *[other] Le plus ancien attend depuis { $count } jours
}
queue-unit = { $count ->
    [0] dossier
    [one] dossier
   *[other] dossiers
}
queue-nothing = Rien à traiter
queue-look-up = Pour retrouver un dossier envoyé
queue-empty = Rien n’attend ici
queue-empty-text = Les dossiers arrivent ici dès que c’est votre tour. Les autres files sont dans la colonne.
queue-member-died = adhérent décédé
queue-no-match = Aucun dossier ne correspond
queue-no-match-text = Vérifiez le numéro, ou retirez un filtre.
queue-caption = { $queue } : dossiers, les plus anciens d’abord
column-number = Numéro
column-member = Adhérent
column-position = Position
column-state = État
column-holder = Chez qui
column-days = Jours
days = { $count ->
    [one] jour
   *[other] jours
}
days-unit = { $count ->
   *[other] j
}
days-soon = délai proche
days-late = hors délai
filter-label = Filtrer les dossiers
filter-number = Numéro du dossier
filter-all-services = Tous les services
filter-everybody = Chez tous
assigned-me = Chez moi
assigned-nobody = Non attribués
assigned-other = Chez un autre
filter-any-age = Tous les âges
filter-age = { $count ->
    [one] Un jour et plus
   *[other] { $count } jours et plus
}
filter-apply = Filtrer
filter-clear = Sans filtre
page-first = Première page
page-next = Page suivante
keys-move = se déplacer
keys-enter = Entrée
keys-open = ouvrir

turn-opinion = Avis médical
turn-examination = Instruction
turn-validation = Validation
turn-other = En cours

file-word = Dossier
file-back = Revenir à la liste
file-previous = Précédent
file-next = Suivant
file-age = { $count ->
    [0] envoyé aujourd’hui
    [one] depuis un jour
   *[other] depuis { $count } jours
}
file-take = Prendre le dossier
file-take-over = Reprendre le dossier
file-release = Remettre dans la file
file-stop-waiting = Ne plus attendre
holder-nobody = Personne n’a pris ce dossier.
holder-ended = L’examen de ce dossier est terminé.
holder-you = Ce dossier est chez vous depuis le { $when }.
holder-colleague = { $agent } a ce dossier depuis le { $when }.
member-away = Le nom ne peut pas être affiché pour l’instant.
review-request = Demande
review-account = Compte confirmé
review-account-same = le compte du dossier d’adhérent
review-account-other = a changé depuis l’envoi
review-account-not-mine = pas celui de l’adhérent, selon sa déclaration
review-ceiling = Reste du plafond
review-ceiling-uses = { $left } sur { $limit } en { $year }, sans compter cette demande
file-not-whole = Ce dossier n’est plus complet : { $what }. Il ne peut pas être accordé ainsi ; demandez une correction, ou proposez un refus.
file-member-died = L’adhérent est décédé : personne ne répondrait à une demande de complément, et l’attente peut prendre fin sans délai. Voyez au guichet si la famille s’est présentée, ou proposez une décision sur ce que contient le dossier.
review-item-other = Autre élément
review-away = Le service ne répond pas pour l’instant. Ce que vous avez tapé est gardé dans la page. Réessayez dans une minute.
answer-yes = oui
answer-no = non
currency = DH
said-by = { $agent }, le { $when }
notes-title = Notes entre agents
review-asked-title = Compléments demandés
review-asked-on = Demandé le { $when }
review-asked-resent = Renvoyé le { $when }
review-asked-until = Réponse attendue jusqu’au { $date } inclus
review-asked-ended = Attente arrêtée le { $when }
review-asked-corrected = corrigé
text-too-long = Raccourcissez : { $max } caractères au plus

duty-decided = La décision est prise : ce dossier ne change plus.
duty-withdrawn = L’adhérent a retiré sa demande : ce dossier ne change plus.
duty-waits-for-member = Un complément est demandé : le dossier revient quand l’adhérent a répondu.
duty-turn-opinion = Le dossier attend un avis médical. Votre tour vient ensuite.
duty-turn-examination = Le dossier est à l’instruction : une proposition doit être faite.
duty-turn-validation = La proposition attend d’être validée par une autre personne.
duty-you-proposed = Vous avez proposé cette décision : une autre personne la valide.
duty-you-gave-the-opinion = Vous avez donné l’avis médical : une autre personne poursuit.
duty-take-first = Prenez d’abord le dossier : le formulaire s’ouvre alors ici.
duty-colleague-has-it = { $agent } a ce dossier. Reprenez-le seulement après en avoir parlé.
duty-not-now = Rien n’est à faire sur ce dossier pour votre fonction en ce moment.

papers-title = Pièces
papers-which = Quelle pièce ?
papers-why = Pourquoi l’ouvrez-vous ?
papers-open = Ouvrir la pièce
papers-logged = Chaque ouverture est inscrite avec votre nom de compte, l’heure et ce motif ; l’audit la voit.
papers-opened-for = Ouverte pour : { $reason }
papers-open-again = Afficher de nouveau
papers-once = La page a été redessinée sans rouvrir la pièce : chaque affichage est inscrit.
papers-choose = Choisissez
papers-closed = Ce dossier est terminé : ses pièces ne s’ouvrent plus, sauf à qui l’a traité, pour un recours ou un contrôle.
papers-infected = L’antivirus a signalé ce fichier après sa réception : il ne s’ouvre à personne. L’adhérent en est averti ; demandez-lui la pièce de nouveau, la raison est déjà choisie dans le formulaire.
papers-enlarge = Agrandir
papers-not-now = Prenez le dossier pour ouvrir ses pièces.
papers-opinion-given = Votre avis est donné : les pièces se rouvrent si le dossier revient à l’avis médical.
papers-not-your-turn = Les pièces ne s’ouvrent pas à cette étape pour votre fonction.
papers-withheld = { $count ->
    [one] Une pièce, réservée au médecin qui donne l’avis
   *[other] { $count } pièces, réservées au médecin qui donne l’avis
}
opening-assessment = examen du dossier
opening-corrected-paper = nouvelle pièce de l’adhérent
opening-appeal = recours
opening-quality-check = contrôle de qualité
opening-own-paper = sa propre pièce
opening-grant-of-another = autorisation d’un autre agent
opening-infected = fichier signalé par l’antivirus
opening-not-scanned = non contrôlée par l’antivirus
opening-not-the-owner = pièce d’une autre personne
opening-other = autre motif
opening-missing = Choisissez la pièce et le motif

opinion-title = Avis médical
opinion-form = Donner l’avis médical
opinion-choose = Mon avis
opinion-favourable = Favorable
opinion-unfavourable = Défavorable
opinion-open-first = L’avis repose sur les pièces : il ne s’enregistre qu’après en avoir ouvert une.
opinion-missing = Choisissez un avis
opinion-send = Enregistrer l’avis
opinion-never-why = Un avis et un montant, jamais un diagnostic ni un soin.
retained-cost = Frais retenus
retained-cost-hint = Ce qui reste à la charge de la famille après tous les remboursements
retained-cost-problem = Tapez un montant plus grand que zéro et de { $max } au plus, comme 12 500,00

propose-form = Proposer une décision
propose-choose = Je propose
propose-grant = D’accorder
propose-grant-note = Le montant est calculé par la règle à partir des frais retenus et du plafond qui reste.
propose-grant-note-plain = Le montant est calculé par la règle à partir des réponses du dossier.
propose-refuse = De refuser
propose-send = Envoyer la proposition
propose-note = Une autre personne valide ; rien n’est décidé avant.
recommendation-missing = Choisissez ce que vous proposez
proposal-title = Proposition
proposal-grant = Accorder
proposal-refuse = Refuser
refusal-reason = Motif du refus
refusal-reason-missing = Choisissez le motif du refus

validate-form = Valider
validate-choose = Je décide
validate-grant = D’accorder { $amount }
validate-refuse = De refuser
validate-send-back = De renvoyer le dossier
validate-send = Enregistrer la décision
validate-note = Un accord ou un refus est annoncé aussitôt à l’adhérent et ne se modifie plus.
verdict-missing = Choisissez ce que vous décidez
refusal-sentence-ar = Phrase pour l’adhérent, en arabe
refusal-sentence-fr = Phrase pour l’adhérent, en français
refusal-sentence-problem = Écrivez une phrase de 10 à 600 caractères
refusal-sentence-not-ar = Écrivez en arabe la phrase en arabe : celle-ci n’a pas de lettre arabe
refusal-sentence-not-fr = Écrivez en français la phrase en français : celle-ci contient des lettres arabes
refusal-suggestions = Phrases proposées par motif
send-back-to = À qui ?
send-back-where = Choisissez à qui le dossier revient
send-back-note = Pourquoi, pour les collègues
review-decision-title = Décision
review-decision-granted = Acceptée
review-decision-refused = Rejetée

ask-form = Demander un complément
ask-lead = L’adhérent est conduit à la réponse ou à la pièce même.
ask-what = Que faut-il corriger ?
ask-cause = Pourquoi ?
ask-note = Précision pour l’adhérent (facultatif)
ask-send = Demander le complément
ask-nothing = Cochez au moins une réponse ou une pièce
ask-too-many = Cochez { $max } éléments au plus
cause-incorrect = inexact
cause-incomplete = incomplet
cause-outdated = trop ancien
cause-unsafe-file = fichier nuisible, un autre est à envoyer
cause-missing = Choisissez pourquoi
cause-other = à corriger

note-form = Écrire une note
note-label = Note pour les collègues
note-hint = L’adhérent ne la voit pas. Rien de médical.
note-send = Enregistrer la note
note-missing = Écrivez la note

done-assign = Le dossier est chez vous.
done-take-over = Vous avez repris le dossier.
done-release = Le dossier est de nouveau dans la file.
done-opinion = L’avis est enregistré. L’instruction continue.
done-ask = Le complément est demandé ; l’adhérent est prévenu.
done-propose = La proposition est enregistrée. Une autre personne la valide.
done-grant = La décision est enregistrée : demande acceptée. L’adhérent est prévenu.
done-refuse = La décision est enregistrée : demande rejetée. L’adhérent est prévenu.
done-send-back = Le dossier est renvoyé.
done-note = La note est enregistrée.
done-roles = Les fonctions sont enregistrées. L’agent doit se reconnecter.
done-membership = La qualité d’adhérent est enregistrée. L’agent doit se reconnecter.
done-factor = La double authentification est réinitialisée : l’agent la remet en place à la prochaine connexion.
done-disable = Le compte est fermé.
done-stop-waiting = Le dossier est examiné tel quel.
done-other = C’est enregistré.

conflict-title = Ce dossier a changé pendant que vous écriviez
conflict-title-nothing = Ce dossier a changé entre-temps
conflict-by = { $agent } : { $what }.
conflict-unknown = Quelqu’un d’autre l’a modifié.
conflict-copy = Rien n’a été enregistré de votre formulaire, et il ne peut plus être envoyé d’ici. Ce que vous avez tapé est repris ci-dessous : copiez-le si vous en avez besoin.
unsent-title = Ce que vous avez tapé, non enregistré
conflict-kept = Rien n’a été enregistré de votre formulaire. Ce que vous avez tapé est toujours là : relisez le dossier, puis renvoyez si c’est encore juste.
conflict-nothing = Rien n’a été fait. La page montre le dossier tel qu’il est maintenant.

trail-title = Journal du dossier
trail-back = Revenir
trail-lead = Tout ce qui a été fait sur ce dossier, le plus récent d’abord.
trail-intact = La chaîne du journal est entière : aucune ligne n’a été changée ni retirée.
trail-broken = La chaîne du journal est rompue : une ligne a été changée ou retirée. Prévenez la direction.
trail-empty = Rien n’est encore inscrit.
trail-when = Quand
trail-who = Qui
trail-what = Quoi
trail-fields = Ce qui a changé
audit-heading = Audit
audit-lead = Le journal de chaque dossier, et qui a ouvert quelle pièce, quand et pourquoi.
audit-find-file = Retrouver un dossier
audit-started = Demande commencée
audit-answered = Réponse enregistrée
audit-submitted = Demande envoyée
audit-looked-at = Dossier consulté
audit-resent = Complément envoyé
audit-withdrawn = Demande retirée
audit-expired = Brouillon expiré
audit-assigned = Dossier pris
audit-taken-over = Dossier repris
audit-released = Dossier remis dans la file
audit-paper-opening-granted = Ouverture d’une pièce autorisée
audit-opinion-recorded = Avis médical donné
audit-information-requested = Complément demandé
audit-proposed = Décision proposée
audit-approved = Demande acceptée
audit-rejected = Demande rejetée
audit-sent-back = Dossier renvoyé
audit-note-added = Note écrite
audit-duty-refused = Tentative refusée : séparation des fonctions
audit-foreign-access-refused = Tentative refusée : dossier d’une autre personne
audit-in-review = Examen commencé
audit-corrected = Réponse corrigée
audit-discarded = Brouillon supprimé
audit-stopped-waiting = Attente du complément arrêtée
audit-paper-found-infected = Pièce signalée par l’antivirus
audit-other = Modification
changed-state = état
changed-assigned-to = agent chargé
changed-proposal = proposition
changed-decision = décision
changed-retained-cost = frais retenus
changed-opinion = avis
changed-notes = notes
changed-information-requests = compléments
changed-papers = pièces
changed-other = réponse
refused-own-file = son propre dossier
refused-relatives-file = dossier d’un proche
refused-role-missing = fonction qui ne le permet pas
refused-paper-not-yours-to-read = pièce réservée au médecin qui donne l’avis
refused-file-closed = dossier terminé
refused-note-not-allowed = note non permise sur un dossier de santé
refused-assessed-before = avait instruit ce dossier ou ouvert ses pièces
refused-proposed-before = avait proposé cette décision
refused-gave-opinion-before = avait donné l’avis médical ou ouvert des pièces
refused-other = autre raison
because-conditions-not-met = conditions non remplies
because-ceiling-reached = plafond annuel atteint
because-papers-insufficient = pièces insuffisantes
because-no-answer = complément non fourni
because-covered-elsewhere = frais pris en charge par ailleurs
because-already-decided = frais déjà traités
because-other = autre motif
openings-title = Ouvertures de pièces
openings-lead = Qui a ouvert quelle pièce, quand et pourquoi ; les tentatives refusées aussi. La plus récente d’abord.
openings-of-file = Ouvertures de pièces de ce dossier
openings-paper = Pièce
openings-why = Motif
openings-outcome = Résultat
openings-opened = Ouverte
openings-refused = Refusée
openings-none = Aucune pièce n’a été ouverte
openings-none-text = Chaque ouverture apparaîtra ici avec l’agent, l’heure et le motif.

desk-lead = Pour un adhérent sans adresse utilisable : trouvez-le, vérifiez son identité, imprimez un code.
desk-open = Aller au guichet
desk-matricule-hint = 8 chiffres au plus, comme sur le bulletin de paie
desk-find = Chercher
desk-has-address = Une adresse e-mail est au dossier : le lien par e-mail est la voie normale, sauf si la personne ne peut pas s’en servir.
desk-deceased = Un décès est enregistré pour cette personne : aucun code n’est imprimé. Si c’est une erreur, le dossier du personnel doit d’abord être corrigé.
desk-no-address = Aucune adresse e-mail n’est au dossier.
desk-identification = Pièce d’identité présentée
desk-identification-note = Notez le type de la pièce. Son numéro n’est jamais écrit.
identification-identity-card = Carte nationale d’identité
identification-passport = Passeport
identification-residence-card = Carte de séjour
identification-professional-card = Carte professionnelle
identification-other = Autre pièce
desk-cause = Pourquoi l’e-mail ne convient-il pas ?
desk-cause-no-address = Aucune adresse au dossier
desk-cause-address-unusable = L’adresse au dossier ne peut pas servir
desk-cause-other = Autre raison
desk-issue = Faire le code
desk-issue-note = Un nouveau code annule le précédent. La remise est enregistrée à votre nom, et l’adhérent est prévenu. Si le compte a déjà un mot de passe, un second agent identifie aussi la personne.
desk-next-person = Personne suivante
desk-code-title = Code d’activation
desk-code-until = Valable une fois, jusqu’au { $when }.
desk-code-open = Ouvrez cette page
desk-code-type = Tapez le matricule et le code
desk-code-type-text = Majuscules, espaces et tirets n’ont pas d’importance.
desk-code-password = Choisissez un mot de passe
desk-code-password-text = Personne à la fondation ne vous le demandera jamais.
desk-code-secret = Ce code ouvre votre compte : ne le donnez à personne.
shown-once = Affiché cette seule fois : quitter la page l’efface.

agents-title = Agents
agents-lead = Ouvrir un compte d’agent, changer les fonctions, fermer un compte.
agents-open = Gérer les agents
agent-code = Agent
agent-login = Identifiant
agent-login-hint = 1 à 8 chiffres, qui ne sont le matricule de personne
agent-login-problem = Tapez l’identifiant : 1 à 8 chiffres, sans lettre
agent-email-hint = L’adresse professionnelle de l’agent
agent-matricule = Matricule d’adhérent de l’agent
agent-matricule-hint = Si l’agent est aussi adhérent : personne ne traite son propre dossier ni celui d’un proche
agent-no-membership = L’agent n’est pas adhérent
agent-membership = Qualité d’adhérent
agent-membership-text = Personne ne traite son propre dossier ni celui d’un proche : la règle s’appuie sur ce matricule. Les sessions de l’agent s’arrêtent.
agent-membership-save = Enregistrer
agent-membership-operator = La qualité d’adhérent a été indiquée. Désormais, seul l’exploitant de la plateforme peut la changer : personne ne lève seul, pour un collègue, la règle du dossier personnel.
agent-membership-unsaid = pas encore indiqué
agent-language = Langue
agent-duties = Fonctions
agent-duties-note = Certaines fonctions s’excluent : chacune dit lesquelles.
agent-since = Créé le
agent-activated = Activé le
agent-not-yet = pas encore
agent-disabled-on = Fermé le
agent-state-invited = Invité
agent-state-open = Ouvert
agent-state-disabled = Fermé
agent-state-other = Autre
agent-factor-set = en place
agent-factor-none = pas encore
agent-codes-left = { $count ->
    [0] en place, plus aucun code de secours
    [one] en place, un code de secours
   *[other] en place, { $count } codes de secours
}
agent-new-title = Nouvel agent
agent-new-lead = L’agent reçoit par e-mail un lien pour choisir son mot de passe, puis met en place la double authentification. La fonction de santé est donnée par l’exploitant.
agent-create = Créer le compte
agent-link-title = Lien pour l’agent
agent-link-lead = Remettez ce lien à l’agent en personne. Il sert une fois, jusqu’au { $when }.
agent-link-mailed = Le lien est parti à l’adresse de l’agent, et n’est montré à personne d’autre. Il sert une fois, jusqu’au { $when }.
agent-link-onward = Voir le compte
agent-account = Compte
agent-is-you = C’est votre propre compte : un autre administrateur le change.
agent-is-closed = Ce compte est fermé et le reste. Son identifiant ne sert plus.
agent-read-only = L’audit lit les comptes et n’y change rien.
agent-roles-save = Enregistrer les fonctions
agent-link-again = Nouveau lien
agent-link-again-text = Pour un agent qui a perdu le sien ou oublié son mot de passe. Il part à l’adresse enregistrée ; le lien précédent ne sert plus.
agent-link-make = Envoyer un lien
agent-factor-reset = Téléphone perdu
agent-factor-reset-text = La double authentification et les codes de secours sont annulés ; l’agent les remet en place à la prochaine connexion.
agent-factor-reset-do = Réinitialiser
agent-disable = Fermer le compte
agent-disable-text = Pour toujours : les sessions s’arrêtent aussitôt.
agent-disable-why = Pourquoi ?
agent-disable-do = Fermer le compte
closing-left = A quitté la fondation
closing-moved = A changé de service
closing-lost-trust = Compte compromis
closing-other = Autre raison

factor-title = Double authentification
factor-begin-title = Protégez votre compte d’agent
factor-begin-lead = Un agent se connecte avec son mot de passe et un code de son téléphone. Préparez-le une fois ; rien d’autre ne s’ouvre avant.
factor-begin-app = Installez une application de codes
factor-begin-app-text = N’importe laquelle qui lit un code QR de connexion (TOTP).
factor-begin-scan = Lisez le code QR et tapez le code affiché
factor-begin-scan-text = Six chiffres, qui changent toutes les 30 secondes.
factor-begin-codes = Gardez les codes de secours
factor-begin-codes-text = Ils servent le jour où le téléphone manque.
factor-begin-show = Afficher le code QR
factor-enrol-title = Activer la double authentification
factor-enrol-scan = Lisez ce code avec l’application
factor-enrol-qr = Code QR à lire avec l’application de codes
factor-enrol-or-type = Ou tapez cette clé dans l’application :
factor-enrol-here = L’application est sur cet appareil : l’ouvrir
factor-enrol-known = Le code QR que vous avez lu reste bon : tapez le code que l’application affiche maintenant.
factor-enrol-again = Afficher un autre code QR
factor-code = Code à six chiffres
factor-code-hint = Celui que l’application affiche maintenant
factor-code-missing = Tapez les six chiffres de l’application
factor-confirm = Confirmer
factor-away = Le service ne répond pas pour l’instant. Réessayez dans une minute.
factor-codes-done = La double authentification est en place.
factor-codes-title = Vos codes de secours
factor-codes-lead = Chacun remplace une fois le code du téléphone. Imprimez-les et gardez-les loin du téléphone.
factor-codes-once = Ils ne seront plus affichés.
factor-codes-kept = Je les ai gardés, continuer
factor-codes-renew = Faire de nouveaux codes de secours
factor-codes-renew-lead = Pour une feuille perdue, presque finie ou jamais vue. Les codes précédents ne sont alors plus valables.
factor-codes-renew-do = Faire dix nouveaux codes
factor-codes-renewed = Les codes précédents ne sont plus valables : gardez ceux-ci.
factor-verify-title = Tapez le code de votre téléphone
factor-verify-lead = Ouvrez votre application de codes et tapez les six chiffres.
factor-verify = Continuer
factor-use-recovery = Je n’ai pas mon téléphone
factor-recovery = Code de secours
factor-recovery-hint = Un de ceux que vous avez gardés
factor-recovery-lead = Chaque code de secours sert une seule fois.
factor-recovery-use = Utiliser ce code de secours
factor-recovery-missing = Tapez un code de secours
factor-recovery-left = { $count ->
    [0] C’était votre dernier code de secours : demandez à un administrateur de réinitialiser la double authentification, puis remettez-la en place.
    [one] Il vous reste un seul code de secours.
   *[other] Il vous reste { $count } codes de secours.
}
factor-lost-all = Ni téléphone ni code de secours ? Un administrateur peut réinitialiser la double authentification ; vous la remettez alors en place.
factor-done-text = À chaque connexion, un code de votre téléphone est demandé après le mot de passe.
factor-done-lost = Téléphone perdu ou changé ? Utilisez un code de secours, puis demandez à un administrateur de réinitialiser la double authentification.

activate-title = Ouvrir mon compte avec un code imprimé
activate-lead = Le guichet vous a remis un code sur papier. Il sert une fois.
activate-code = Code imprimé
activate-code-hint = Douze signes ; majuscules, espaces et tirets n’ont pas d’importance
activate-code-missing = Tapez le code du papier
activate-open = Ouvrir mon compte
activate-no-code = Pas de code, ou il ne sert plus ?
activate-no-code-text = Le guichet vous en prépare un nouveau, sur présentation de votre pièce d’identité :
account-printed-code = Le guichet vous a remis un code imprimé ?
account-printed-code-link = Ouvrir le compte avec ce code
