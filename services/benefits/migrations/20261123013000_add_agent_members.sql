-- Which member the agent of an act is, where that was known: parts of a file that control one another are kept apart by the person, and a person
-- whose account was closed may get another one. Of acts that were noted before, the account alone is known.
ALTER TABLE review_acts ADD COLUMN agent_member uuid;
