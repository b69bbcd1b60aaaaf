### The wizard, its result, the receipt.

step-of = Étape { $step } sur { $total }
saved-at = Réponses enregistrées le { $date } à { $time }. Vous pouvez reprendre plus tard, aussi sur un autre appareil.

account-step-title = Faut-il verser sur ce compte ?
account-step-lead = Voici le RIB que nous avons. Seuls le code de la banque et les quatre derniers chiffres sont affichés.
account-on-file = Compte enregistré
account-masked = chiffres masqués
account-holder = Titulaire
account-question = Votre réponse
account-yes = Oui, c’est bien mon compte
account-no = Ce n’est pas mon compte, ou aucun compte n’est enregistré
account-no-hint = Nous vous dirons où déposer une attestation de RIB ou un spécimen de chèque.
account-choose = Choisissez une réponse
account-none-title = Aucun compte bancaire n’est enregistré
account-none-lead = Il nous faut un RIB pour verser une aide. Votre brouillon est gardé pendant ce temps.
account-where-to-lodge = Où déposer mon RIB ?
lodge-title = Déposez une preuve de votre compte
lodge-lead = Le compte bancaire ne se change pas en ligne, pour que personne ne détourne un versement. Voici comment faire :
lodge-take = Prenez une attestation de RIB ou un spécimen de chèque
lodge-take-text = À votre nom. Votre banque la donne tout de suite.
lodge-bring = Déposez-la au guichet, en présentant votre carte nationale
lodge-bring-text = Le compte est enregistré après vérification.
lodge-return = Revenez ici et reprenez votre demande
lodge-return-text = Elle vous attend dans « Dossiers ».
lodge-kept = Votre brouillon est gardé.
lodge-later = Voir mon brouillon

person-step-title = Qui est la personne concernée ?
person-yourself = Vous-même
person-choose = Choisissez la personne concernée
person-no-child = Aucun enfant n’est déclaré. Que faire ?
person-no-spouse = Aucun conjoint n’est déclaré. Que faire ?
person-way-out = Faites d’abord inscrire cette personne dans votre dossier, avec l’acte de naissance ou de mariage, au guichet. Votre brouillon est gardé ; vous pouvez aussi choisir une autre personne ci-dessus.

reason-step-title = Quel est le motif ?
choose-reason = Choisissez un motif

question-choose = Choisissez une réponse
question-day = Tapez une date, comme 22/11/2026
question-amount = Tapez un montant en dirhams, comme 1 850,50
question-optional = { $label } (facultatif)
question-number = Tapez un nombre entier
question-not-before = Cette date ne peut pas précéder : { $question }
question-other-than = Cette réponse ne peut pas être la même que : { $question }
question-from = Choisissez une date à partir du { $date }
question-not-future = Cette date est à venir : choisissez au plus tard la date d’aujourd’hui
question-until = Choisissez une date au plus tard le { $date }
question-at-least = Tapez { $value } au moins
question-at-most = Tapez { $value } au plus
question-problem = { $question } — { $problem }
choose-place = Choisissez dans la liste
question-yes = Oui
question-no = Non
question-currency = DH

consent-step-title = Avant d’envoyer une pièce médicale
consent-lead = Ces informations touchent à la santé. Voici à quoi elles servent ; sans votre accord, rien n’est envoyé.
consent-purpose = À quoi elles servent
consent-readers = Qui les lit
consent-retention = Combien de temps
consent-reference = Autorisation CNDP
consent-needed = Cochez la case pour donner votre accord, ou revenez en arrière : votre brouillon est gardé
consent-withdraw = Vous pouvez retirer votre accord à tout moment avant la décision, en retirant la demande.
consent-notice = Notice sur la vie privée

papers-step-title = Ajoutez la pièce nécessaire
papers-step-title-many = Ajoutez les pièces nécessaires
papers-read-by = Seules les personnes que vous avez acceptées lisent cette pièce. Elle est chiffrée.
papers-consented = Ce que vous avez accepté
paper-limit = Un seul fichier PDF, { $size } au plus
paper-missing = { $paper } : ajoutez un fichier PDF
paper-other-missing = { $paper } : ajoutez un autre fichier PDF, à la place de celui-ci
upload-choose = Choisir un fichier PDF
upload-replace = Remplacer par un autre PDF
upload-received = Reçue
upload-remove = Retirer cette pièce
upload-stop = Annuler l’envoi
upload-progress = Progression de l’envoi
upload-sending = Envoi en cours…
upload-checking = Contrôle du fichier…
upload-lost = L’envoi a été interrompu. Vérifiez la connexion, puis réessayez.

summary-step-title = Vérifiez, puis envoyez
summary-changed = Une réponse a changé depuis que vous avez ouvert cette page, sur un autre appareil ou dans un autre onglet. Relisez, puis appuyez de nouveau sur « Terminer ».
summary-unanswered = { $count ->
    [one] Il reste une étape à compléter avant l’envoi.
   *[other] Il reste { $count } étapes à compléter avant l’envoi.
}
fact-consent-given = Donné
summary-complete = Compléter :
summary-declare = En appuyant sur « Terminer », vous déclarez que ces informations sont exactes. La demande part à la fondation.
fact-bank-hidden = Confirmé ; les détails ne peuvent pas être affichés pour l’instant
fact-bank-former = Confirmé ; ce compte n’est plus celui de votre dossier
fact-person-hidden = Le nom ne peut pas être affiché pour l’instant
summary-ruled-out = Une condition n’est pas remplie : cette demande ne peut pas être envoyée. Si une de vos réponses n’est pas exacte, modifiez-la ci-dessus.
summary-hidden = Une partie de vos réponses ne peut pas être affichée pour l’instant. Elles sont gardées. Vous pourrez envoyer la demande dès que vous pourrez la relire en entier : réessayez dans une minute.
summary-bank-former = Le compte que vous aviez confirmé n’est plus celui de votre dossier d’adhérent. Confirmez le compte actuel pour envoyer la demande.
summary-bank-confirm = Revoir le compte bancaire
correction-title = Corriger : { $what }
correction-save = Enregistrer la correction
correction-only = Seul ce qui est demandé se corrige ici. Le reste du dossier part comme vous l’aviez envoyé.
upload-to-replace = À remplacer
resend = Renvoyer le dossier
resend-title = Relisez, puis renvoyez
resend-lead = Voici le dossier tel qu’il repart. Seul ce qui était demandé a pu changer.
resend-changed = Une réponse a changé depuis que vous avez ouvert cette page, sur un autre appareil ou dans un autre onglet. Relisez, puis appuyez de nouveau sur « Renvoyer le dossier ».
resend-unfinished = Il reste un point à corriger avant de renvoyer le dossier.
resend-hidden = Une partie de vos réponses ne peut pas être affichée pour l’instant. Vos corrections sont gardées. Vous pourrez renvoyer le dossier dès que vous pourrez le relire en entier : réessayez dans une minute.
resend-declare = En appuyant sur « Renvoyer le dossier », vous déclarez que ces informations sont exactes.
fact-service = Service
fact-person = Personne concernée
fact-reason = Motif

sent-title = Votre dossier a été créé et envoyé
sent-number = Numéro de la demande, à garder
resent-title = Votre dossier est renvoyé
resent-lead = Il est revenu à la fondation avec le même numéro et garde sa date d’envoi. Vous n’avez rien d’autre à faire.
resent-number = Numéro de la demande, inchangé
sent-follow = Suivre le dossier
sent-message = Un e-mail et un message dans votre messagerie confirment l’envoi. Ils ne nomment ni le service ni le motif.
papers-received = { $count ->
    [one] Une pièce reçue
   *[other] { $count } pièces reçues
}
receipt-title = Reçu de dépôt
receipt-back = Retour au dossier
receipt-sent-on = Envoyée le
receipt-member = Adhérent(e)
receipt-cancelled = Retirée le
receipt-note = Ce reçu confirme le dépôt de la demande. Il ne vaut pas décision.
receipt-printed = Édité le { $when }
