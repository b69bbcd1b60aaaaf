-- A member's list shows the sale of each check, also one that was taken back: the index that keeps a check to one standing sale holds no other.
CREATE INDEX redemptions_of_verification ON redemptions (verification_id, cancelled_at);
