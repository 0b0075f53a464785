-- What walls of rows alone cannot say of draws. Scopes are read from the settings of the
-- transaction, never from an argument.

-- Whether a draw has its seed: from then on its pool may be read by those who may read the draw.
CREATE FUNCTION park_draw_open(draw_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM draw d WHERE d.id = draw_id AND d.seed IS NOT NULL)
$$;

-- The pool of a draw without names: what the order is computed from.
CREATE FUNCTION park_draw_pool(draw_id uuid)
RETURNS TABLE (pseudonym text, unit text, strata jsonb, excluded jsonb, salt text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.pseudonym::text, e.unit::text, e.strata, e.excluded, e.salt::text
    FROM draw_entry e
    WHERE e.record_id = draw_id
      AND e.node_id = ANY (
          string_to_array(nullif(current_setting('app.nodes', true), ''), ',')::int[])
    ORDER BY e.pseudonym
$$;

-- What was frozen stays: pool, terms and quotas from freezing on, the seed once there is one.
CREATE FUNCTION park_draw_keep_frozen() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.root IS NOT NULL AND
       (NEW.root, NEW.terms_hash, NEW.terms, NEW.title, NEW.size, NEW.alternates,
        NEW.per_unit_max, NEW.technical_min_percent, NEW.finance_min, NEW.offsite_min,
        NEW.method, NEW.beacon, NEW.frozen_by_id, NEW.need_id, NEW.project_id)
       IS DISTINCT FROM
       (OLD.root, OLD.terms_hash, OLD.terms, OLD.title, OLD.size, OLD.alternates,
        OLD.per_unit_max, OLD.technical_min_percent, OLD.finance_min, OLD.offsite_min,
        OLD.method, OLD.beacon, OLD.frozen_by_id, OLD.need_id, OLD.project_id)
    THEN
        RAISE EXCEPTION 'a frozen draw is not changed' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ck_draw_frozen';
    END IF;
    IF OLD.seed IS NOT NULL AND NEW.seed IS DISTINCT FROM OLD.seed THEN
        RAISE EXCEPTION 'a draw is held once' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ck_draw_held_once';
    END IF;
    RETURN NEW;
END $$;

-- A promise is given once, and its number shown once.
CREATE FUNCTION park_draw_keep_promise() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.hash, NEW.account_id) IS DISTINCT FROM (OLD.hash, OLD.account_id)
       OR (OLD.nonce IS NOT NULL AND NEW.nonce IS DISTINCT FROM OLD.nonce)
    THEN
        RAISE EXCEPTION 'a promise is not changed' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ck_draw_commitment_kept';
    END IF;
    RETURN NEW;
END $$;
