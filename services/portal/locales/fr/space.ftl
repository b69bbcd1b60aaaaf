### The member's space: home, services, files, inbox, profile.

home-title = Ma situation
hello = Bonjour { $name }
home-today = Votre situation au { $date }
home-open-files = Dossiers ouverts
home-all-files = Tous les dossiers
home-no-files = Aucun dossier ouvert
home-no-files-text = Choisissez un service ci-dessous. Une demande prend environ cinq minutes, et vous pouvez vous arrêter et reprendre.
home-away = Vos dossiers et les services ne peuvent pas être affichés pour l’instant. Votre carte et votre messagerie restent ouvertes. Réessayez dans une minute.
home-own = Votre adhésion
home-see-profile = Voir mon profil
home-own-hidden = Votre dossier d’adhérent ne peut pas être affiché pour l’instant.
home-apply = Faire une demande
bank = Banque
bank-account = Compte bancaire
bank-none = Aucun compte enregistré
service-unnamed = Service
todo-information = À vous d’agir : un complément est demandé
todo-information-text = { $service } : complétez votre dossier pour que l’examen reprenne (demandé le { $date }).
todo-information-open = Ouvrir le dossier
todo-draft = À vous d’agir : une demande n’est pas encore envoyée
todo-draft-open = Ouvrir le brouillon
todo-draft-text = { $service } : vos réponses sont gardées depuis le { $date }. Reprenez où vous en étiez.

services-by-family = Services par famille
services-title = Tous les services
services-open = { $count ->
    [0] Aucun service ouvert aujourd’hui
    [one] Un service ouvert aujourd’hui ; les autres s’ouvrent à la publication de leur circulaire
   *[other] { $count } services ouverts aujourd’hui ; les autres s’ouvrent à la publication de leur circulaire
}
opens-on = Ouvre le { $date }
opens-later = Prévu : ouvre à la publication de sa circulaire
more-services = { $count ->
    [one] Un autre service
   *[other] { $count } autres services
}
tabs-label = Demandes de ce service
tab-available = Demandes disponibles
tab-history = Historique des demandes
apply = Demander
service-minutes = Environ cinq minutes. Vos réponses sont enregistrées à chaque étape.
service-draft-open = Vous avez une demande commencée et pas encore envoyée.
service-not-open = Ce service n’est pas encore ouvert
not-for-you-title = Ce service ne vous est pas ouvert
not-for-you-tile = Pas ouvert pour vous
not-for-you-lead = D’après votre dossier d’adhérent, vous ne remplissez pas les conditions suivantes de ce service :
not-for-you-desk = Si votre dossier n’est pas exact, ou pour toute question, adressez-vous au guichet avec un justificatif.
not-for-you-draft = Votre brouillon est gardé, mais il ne peut pas être envoyé. Rien d’autre ne vous est demandé ; vous pouvez le supprimer.
ceiling-used-up = Le plafond de l’année { $year } est atteint pour { $person } : rien ne pourra être accordé pour une demande qui compte pour cette année.
ceiling-used-up-of-year = Le plafond de l’année { $year } est atteint pour { $person }, demandes en cours comprises. Une demande qui compte pour une autre année reste possible.
ceiling-used-up-here = plafond { $year } atteint
service-with-card = Avec votre carte
service-open-card = Ouvrir ma carte
service-for-whom = Pour qui, jusqu’à combien
for-whom-member = Vous-même
for-whom-spouse = votre conjoint
for-whom-child = vos enfants déclarés
for-whom-other = une autre personne
service-ceiling-money-person = Plafond : { $amount } par personne et par année civile.
service-ceiling-money-household = Plafond : { $amount } par foyer et par année civile.
service-ceiling-uses-person = { $count ->
    [one] Plafond : une fois par personne et par année civile.
   *[other] Plafond : { $count } fois par personne et par année civile.
}
service-ceiling-uses-household = { $count ->
    [one] Plafond : une fois par foyer et par année civile.
   *[other] Plafond : { $count } fois par foyer et par année civile.
}
service-reasons = Pour quels motifs
service-see-open = Voir les services ouverts
service-conditions = Conditions et montant
service-prepare = À préparer
service-prepare-bank = Les quatre derniers chiffres de votre RIB, pour le reconnaître
history-empty = Aucune demande pour ce service
history-empty-text = Vos demandes, envoyées ou commencées, apparaîtront ici avec leur numéro et leur état.

files-title = Mes dossiers
files-count = { $count ->
    [0] Aucun dossier pour l’instant
    [one] Un dossier
   *[other] { $count } dossiers
}
files-empty = Vous n’avez pas encore fait de demande
files-empty-text = Une demande prend environ cinq minutes, et vous pouvez vous arrêter et reprendre.
files-empty-choose = Choisir un service
new-request = Nouvelle demande
file-started-on = Commencée le { $date }
file-sent-on = Envoyée le { $date }
file-number = N°
file-number-of = Dossier { $number }
file-who-acts = Qui doit agir ?
file-request = Votre demande
file-paper-infected = Une pièce de cette demande ne peut pas être ouverte : l’antivirus a signalé son fichier après l’envoi. Elle est marquée dans la liste des pièces. Préparez un autre fichier, produit sur un autre appareil ou numérisé de nouveau ; la fondation vous demandera de l’envoyer, et un message vous préviendra.
file-paper-to-send-again = Fichier nuisible : un autre fichier est à envoyer
file-conditions = Les conditions
file-conditions-lead = Vérifiées avec les informations de votre dossier au jour de l’envoi. La décision revient à la fondation.
to-correct-title = À vous d’agir : la fondation demande un complément
asked-lead = Demandé le { $date }. Corrigez ces points, et eux seuls, puis renvoyez le dossier : l’examen reprend alors.
asked-until = Nous attendons votre réponse jusqu’au { $date } inclus ; ensuite, le dossier est examiné tel que vous l’avez envoyé, sans ce qui n’est pas renvoyé.
asked-home-lead = { $service }, dossier { $number }. Demandé le { $date } : corrigez ces points, puis renvoyez le dossier.
asked-incorrect = à rectifier
asked-incomplete = à compléter
asked-outdated = à renouveler
asked-unsafe-file = un autre fichier à envoyer : l’antivirus a signalé le précédent, qui ne peut pas être ouvert
asked-no-longer-valid = à répondre de nouveau : vos informations ont changé depuis l’envoi, et le dossier ne peut pas être renvoyé sans cette réponse
asked-other = Un élément du dossier
asked-correct = Corriger
asked-done = Répondu
asked-at-desk = À corriger au guichet
asked-progress = Réponses données : { $done } sur { $total }
asked-all-done = Vous avez répondu à tout. Il reste à renvoyer le dossier.
asked-send = Relire et renvoyer le dossier
decision-amount = Montant accordé
decision-not-granted = La demande est rejetée
decision-on = Décidée le { $date }
decision-steps = Comment ce montant est calculé
decision-why = Pourquoi cette décision
decision-why-lead = Les conditions, telles que la fondation les a vérifiées pour décider.
decision-reason-other = La demande ne peut pas être acceptée.
appeal-amount = Pas d’accord avec le montant ?
appeal-refusal = Pas d’accord avec cette décision ?
appeal-until = Recours possible jusqu’au { $date } inclus.
appeal-over = Le délai de recours est passé depuis le { $date }.
condition-held = Remplie :
condition-not-held = Non remplie :
ceiling-left = Reste du plafond de cette personne pour l’année : { $amount }
uses-left = Demandes encore possibles pour cette personne en { $year } : { $left } sur { $limit }
uses-left-household = Demandes encore possibles pour votre foyer en { $year } : { $left } sur { $limit }
file-timeline = Suivi
file-papers = Pièces
file-no-papers = Aucune pièce.
receipt-open = Reçu à imprimer
withdraw-heading = Vous changez d’avis ?
withdraw-when = Vous pouvez retirer la demande tant que la décision n’est pas prise.
withdraw = Retirer la demande
withdraw-title = Retirer cette demande ?
withdraw-text = La demande { $number } sera annulée et ne sera pas examinée. Elle reste dans votre historique.
withdraw-again = Vous pourrez faire une nouvelle demande ensuite, avec un nouveau numéro.
withdraw-keep = Non, la garder
withdraw-confirm = Oui, la retirer
draft-since = Commencée le { $date }, enregistrée le { $saved }
draft-where = Où vous en êtes
draft-answered = Répondu
draft-to-do = À faire
discard = Supprimer ce brouillon
discard-title = Supprimer ce brouillon ?
discard-text = Vos réponses et les pièces jointes à « { $service } » seront perdues. Rien n’a été envoyé.
discard-keep = Non, le garder
discard-confirm = Oui, le supprimer

inbox-title = Messagerie
inbox-unread = { $count ->
    [0] Tout est lu
    [one] Un message non lu
   *[other] { $count } messages non lus
}
inbox-all-read = Tout marquer comme lu
inbox-new = Nouveau
inbox-open-file = Ouvrir le dossier
inbox-mark-read = Marquer comme lu
inbox-older = Messages plus anciens
inbox-empty = Aucun message
inbox-empty-text = Quand une demande avance, un message arrive ici et un e-mail vous prévient.

profile-title = Mon profil
profile-record = Votre dossier d’adhérent
profile-family = Famille déclarée
profile-no-family = Aucun conjoint ni enfant n’est déclaré.
profile-change = Une erreur ? Le guichet corrige avec un justificatif.
profile-language = Langue des e-mails et messages
profile-language-saved = La langue de vos messages est enregistrée.

password-title = Changer le mot de passe
password-current = Mot de passe actuel
password-current-missing = Tapez votre mot de passe actuel
password-current-wrong = Ce n’est pas votre mot de passe actuel : retapez-le
password-others = Les autres appareils seront déconnectés.
password-done = Votre mot de passe est changé. Les autres appareils sont déconnectés.

sessions-title = Appareils connectés
sessions-lead = Les appareils où votre compte est ouvert. Déconnectez ceux que vous n’utilisez plus.
sessions-unknown-device = Appareil inconnu
sessions-this = Cet appareil
sessions-since = Connecté depuis le { $date }
sessions-seen = Dernière activité : { $when }
sessions-end = Déconnecter
sessions-strange = Un appareil que vous ne reconnaissez pas ? Déconnectez-le, puis :

card-title = Ma carte
card-lead = Chez un partenaire, montrez le code de la personne concernée. Il est valable dix minutes.
card-private = Le partenaire apprend si le code est valable, s’il est celui de l’adhérent, du conjoint ou d’un enfant, quelle réduction s’applique et jusqu’à quelle heure. Il ne voit ni votre nom, ni votre matricule, ni votre âge.
card-show = Afficher les codes
card-again = Demander de nouveaux codes
card-until = Codes valables jusqu’à { $time }. En demander de nouveaux annule ceux-ci.
card-replaced = Des codes plus récents ont remplacé ceux de cette page, qui ne servent plus. Montrez les plus récents, ou demandez-en de nouveaux : cela annule les autres.
card-facts-unknown = Votre dossier d’adhérent n’est pas encore arrivé au service des cartes. Réessayez dans quelques minutes.
card-code = Code :
checks-title = Qui a vérifié ma carte
checks-lead = Chaque vérification de la carte d’une personne de votre foyer, avec la réponse donnée au partenaire.
checks-empty = Personne n’a vérifié votre carte
checks-empty-text = Quand un partenaire vérifie un code de votre foyer, cela apparaît ici.
checks-older = Vérifications plus anciennes
checks-unknown = Vous ne reconnaissez pas une vérification ? Demandez de nouveaux codes et signalez-la au guichet.
check-valid = Valable
check-not-valid = Non valable
check-sale = Prix { $gross }, réduction { $reduction }, payé { $net }
check-cancelled = Achat annulé le { $date }
