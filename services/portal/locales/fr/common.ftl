### Words that every page shares.

platform = Tadamon
skip = Aller au contenu
nav-label = Rubriques
nav-home = Situation
nav-services = Services
nav-files = Dossiers
menu-label = Compte :
menu-profile = Profil
menu-password = Changer le mot de passe
menu-sessions = Appareils connectés
sign-out = Se déconnecter
inbox-label = { $count ->
    [0] Messagerie : aucun nouveau message
    [one] Messagerie : un nouveau message
   *[other] Messagerie : { $count } nouveaux messages
}
footer-line = Tadamon, services aux adhérents
footer-demonstration = installation de démonstration, personnes inventées
footer-terms = Conditions
footer-privacy = Vie privée
footer-accessibility = Accessibilité
footer-contact = Contact
title-with-problem = Erreur : { $title }
problems-heading = À corriger pour continuer
form-stale-title = Formulaire à renvoyer
form-stale = Ce formulaire venait d’un autre onglet ou d’une autre session, ou il est resté ouvert trop longtemps : rien n’a été envoyé. Vérifiez la page, puis recommencez.
problems-sign-in = La connexion n’a pas abouti
problems-cannot = Ce n’est pas possible
back = Retour
next = Suivant
confirm = Confirmer
finish = Terminer
accept = Accepter
send = Envoyer
save = Enregistrer
add = Ajouter
change = Modifier
choose = Choisissez
done = Fait
print = Imprimer
resume = Reprendre
try-again = Réessayer
go-home = Aller à l’accueil
go-back = Revenir à la page
contact-us = Nous contacter
not-answered = Pas encore répondu
what-next = Et ensuite ?
at-date-time = { $date } à { $time }
born-on = Né(e) le { $date }
desk-where = Où
desk-hours = Horaires
desk-phone = Téléphone
desk-email = E-mail

position-active = En activité
position-seconded = Détaché(e)
position-at-disposal = Mis(e) à disposition
position-retired = Retraité(e)
position-survivor = Ayant cause d’un adhérent décédé
position-other = Autre position

relation-member = Adhérent(e)
relation-spouse = Conjoint(e)
relation-child = Enfant
relation-other = Autre personne

family-health = Santé
family-schooling = Scolarité
family-travel = Voyages et vacances
family-advances = Avances et aides
family-housing = Logement
family-partners = Partenaires
family-family = Famille
family-myself = Mon adhésion
family-other = Autres services

state-draft = Brouillon
state-submitted = Envoyée
state-in-review = En cours d’instruction
state-information-requested = Complément demandé
state-approved = Acceptée
state-rejected = Rejetée
state-cancelled = Annulée
state-other = En cours

baton-draft = À vous : terminer et envoyer
baton-submitted = La fondation va examiner le dossier
baton-in-review = La fondation examine le dossier
baton-information-requested = À vous : compléter le dossier
baton-approved = La fondation prépare le paiement
baton-rejected = Terminé
baton-cancelled = Terminé : vous avez retiré la demande
baton-other = La fondation s’en occupe
baton-note-nothing-to-do = Vous n’avez rien à faire. Vous recevrez un message dès que le dossier avance.
baton-note-until = La fondation répond au plus tard le { $date }. Vous n’avez rien à faire : un message vous prévient dès que le dossier avance.
baton-note-late = La réponse de la fondation était attendue le { $date } au plus tard et n’est pas encore arrivée. Vous pouvez demander des nouvelles au guichet.
baton-note-cancelled = La demande reste visible ici. Vous pouvez en faire une nouvelle.
baton-note-information-requested = L’examen reprend dès que vous renvoyez le dossier. Il garde son numéro et sa date d’envoi.
baton-note-approved = Le montant sera versé sur le compte que vous avez confirmé. Vous n’avez rien à faire.
baton-note-rejected = La demande reste visible ici. Si vous n’êtes pas d’accord, vous pouvez faire un recours : voir sur cette page.
baton-note-rejected-over = La demande reste visible ici. Le délai de recours est passé.

timeline-started = Commencée
timeline-submitted = Envoyée
timeline-withdrawn = Retirée par vous
timeline-in-review = En cours d’instruction
timeline-information-requested = Complément demandé
timeline-resent = Renvoyée par vous
timeline-waiting-ended = Examen repris sans réponse
timeline-approved = Acceptée
timeline-rejected = Rejetée
timeline-other = Mise à jour
timeline-upcoming = Examen par la fondation
timeline-upcoming-note = Nous vous écrivons dès que le dossier avance.
timeline-upcoming-decision = Décision
timeline-upcoming-resent = Reprise de l’examen
timeline-upcoming-resent-note = Dès que vous renvoyez le dossier.
timeline-upcoming-payment = Versement

scan-clean = contrôle antivirus : rien trouvé
scan-not-scanned = non contrôlé par l’antivirus à la réception
scan-infected = refusé par l’antivirus
scan-other = contrôle en cours

step-account = Compte bancaire
step-person = Personne concernée
step-reason = Motif
step-consent = Consentement
step-papers = Pièces
step-summary = Vérification et envoi
