-- A chain's end that stays at its line stays what it was: another hash for the same line would let a changed last line pass for the one that was written.
DROP TRIGGER goes_forward ON audit_chain;
CREATE TRIGGER goes_forward BEFORE UPDATE ON audit_chain FOR EACH ROW
    WHEN (NEW.number < OLD.number OR NEW.rooted < OLD.rooted OR (NEW.number = OLD.number AND NEW.hash IS DISTINCT FROM OLD.hash)
          OR NEW.record_kind IS DISTINCT FROM OLD.record_kind OR NEW.record_id IS DISTINCT FROM OLD.record_id)
    EXECUTE FUNCTION refuse_change();
