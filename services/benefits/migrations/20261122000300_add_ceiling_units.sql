-- A ceiling bounds centimes or uses: the columns named after centimes give way to `used` and `amount`, in the ceiling's own unit. Nothing was
-- ever written to the old ones (a submission took nothing), but the version before this one reads them: they stay, empty, for one release.
ALTER TABLE ceiling_counters
    ADD COLUMN used bigint NOT NULL DEFAULT 0 CHECK (used >= 0),
    ALTER COLUMN used_centimes SET DEFAULT 0;

ALTER TABLE ceiling_lines
    ADD COLUMN amount bigint NOT NULL DEFAULT 0 CHECK (amount >= 0),
    ALTER COLUMN amount_centimes DROP NOT NULL;
