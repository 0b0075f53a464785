-- Functions of the foundation. SECURITY DEFINER ones pin search_path and read their scope from
-- the transaction's own settings, never from an argument.

CREATE FUNCTION park_open(p_session uuid, p_wall text)
RETURNS TABLE (account_id uuid, username text, name text, locale text, role text, hat_id uuid,
               session_id uuid, party_id uuid, party_register text, organisation_id int,
               organisation_name text, node_id int, region_id int, nodes int[], library_nodes int[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  f record;
  mine int[] := '{}';
  read int[] := '{}';
BEGIN
  SELECT a.id, a.username, a.name, a.locale, h.role, h.id AS hat, h.party_id, h.party_register,
         o.id AS org, o.name AS org_name, o.node_id, o.region_id, n.ancestors
    INTO f
    FROM session s
    JOIN account a ON a.id = s.account_id
    JOIN hat h ON h.id = s.hat_id AND h.account_id = a.id
    JOIN organisation o ON o.id = h.organisation_id
    JOIN organisation n ON n.id = o.node_id
   WHERE s.id = p_session AND s.revoked_at IS NULL AND s.expires_at > now()
     AND a.state = 'active' AND h.ended_at IS NULL
     AND (h.valid_until IS NULL OR h.valid_until >= current_date);
  IF NOT FOUND THEN RETURN; END IF;
  IF p_wall IS DISTINCT FROM (CASE WHEN f.role IN ('enterprise', 'expert') THEN 'party'
                                   WHEN f.role = 'auditor' THEN 'audit' ELSE 'staff' END)
     OR NOT starts_with(session_user::text, 'park_' || p_wall) THEN
    RETURN;
  END IF;
  IF f.role IN ('station_staff', 'committee') THEN
    mine := ARRAY[f.node_id];
  ELSIF f.role IN ('province_staff', 'centre_leader', 'centre_staff', 'auditor') THEN
    SELECT array_agg(x.id ORDER BY x.id) INTO mine FROM organisation x
     WHERE x.kind IN ('province', 'centre', 'park')
       AND (x.id = f.node_id OR f.node_id = ANY(x.ancestors));
  END IF;
  IF f.role IN ('station_staff', 'committee', 'province_staff', 'centre_leader', 'centre_staff') THEN
    read := mine || f.ancestors;
  END IF;
  PERFORM set_config('app.nodes', array_to_string(mine, ','), true),
          set_config('app.library_nodes', array_to_string(read, ','), true),
          set_config('app.party', coalesce(f.party_id::text, ''), true),
          set_config('app.account', f.id::text, true);
  RETURN QUERY SELECT f.id, f.username::text, f.name::text, f.locale::text, f.role::text, f.hat,
                      p_session, f.party_id, f.party_register::text, f.org, f.org_name::text,
                      f.node_id, f.region_id::int, mine, read;
END $$;

CREATE FUNCTION park_link_owner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO party_link (party_id, record_id, region_id, node_id, register_name, since)
  VALUES (NEW.owner_id, NEW.id, NEW.region_id, NEW.node_id, TG_ARGV[0], now())
  ON CONFLICT DO NOTHING;
  RETURN NEW;
END $$;

CREATE FUNCTION park_scope_holds(p_node int, p_record uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN coalesce(current_setting('app.party', true), '') <> ''
    THEN EXISTS (SELECT FROM party_link l WHERE l.record_id = p_record
                   AND l.party_id = nullif(current_setting('app.party', true), '')::uuid)
    ELSE p_node = ANY(string_to_array(nullif(current_setting('app.nodes', true), ''), ',')::int[])
  END
$$;

CREATE FUNCTION park_index(p_register text, p_region int, p_record uuid, p_node int, p_document text)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT coalesce(park_scope_holds(p_node, p_record), false) THEN
    RAISE insufficient_privilege USING MESSAGE = 'search document out of scope';
  END IF;
  IF p_document = '' THEN
    DELETE FROM search_document d WHERE d.region_id = p_region AND d.record_id = p_record;
  ELSE
    INSERT INTO search_document AS d (region_id, node_id, register_name, record_id, document)
    VALUES (p_region, p_node, p_register, p_record, p_document::tsvector)
    ON CONFLICT (region_id, record_id)
    DO UPDATE SET document = EXCLUDED.document, node_id = EXCLUDED.node_id;
  END IF;
END $$;

-- tsvector @@ is not leakproof, so under row-level security it could not use its index; here the
-- scope is applied by the function itself.
CREATE FUNCTION park_search(p_register text, p_query text)
RETURNS TABLE (record_id uuid, rank float8)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  party uuid := nullif(current_setting('app.party', true), '')::uuid;
  read int[] := string_to_array(nullif(current_setting('app.library_nodes', true), ''), ',')::int[];
  asked tsquery;
BEGIN
  IF coalesce(p_query, '') = '' THEN RETURN; END IF;
  asked := p_query::tsquery;
  IF party IS NOT NULL THEN
    -- weight D holds what parties may not see: they must not find by it either
    RETURN QUERY SELECT d.record_id, ts_rank(d.document, asked)::float8 FROM search_document d
      WHERE d.register_name = p_register AND d.document @@ asked
        AND ts_filter(d.document, '{a,b,c}') @@ asked
        AND d.record_id IN (SELECT l.record_id FROM party_link l WHERE l.party_id = party);
  ELSE
    RETURN QUERY SELECT d.record_id, ts_rank(d.document, asked)::float8 FROM search_document d
      WHERE d.register_name = p_register AND d.document @@ asked AND d.node_id = ANY(read);
  END IF;
END $$;

-- The trail is partitioned by month; a row beyond the prepared months falls into the default.
CREATE FUNCTION park_prepare_months(p_months int DEFAULT 3) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  first date;
  made int := 0;
BEGIN
  FOR i IN 0..p_months LOOP
    first := date_trunc('month', now() AT TIME ZONE 'UTC')::date + make_interval(months => i);
    IF to_regclass('audit_entry_' || to_char(first, 'YYYYMM')) IS NULL
       AND NOT EXISTS (SELECT FROM audit_entry_later WHERE at >= first::timestamptz
                       AND at < (first + interval '1 month')::timestamptz) THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF audit_entry FOR VALUES FROM (%L) TO (%L)',
                     'audit_entry_' || to_char(first, 'YYYYMM'),
                     first || ' 00:00:00+00', (first + interval '1 month')::date || ' 00:00:00+00');
      made := made + 1;
    END IF;
  END LOOP;
  RETURN made;
END $$;
