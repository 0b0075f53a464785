-- Who wears what, whom a record may be talked about with, and telling them. SECURITY DEFINER, for
-- nobody is scoped to somebody else's hats, followers or notifications.

-- The live ones of these hats with their scope, as park_open computes it for a session.
CREATE FUNCTION park_wearing(p_hats uuid[])
RETURNS TABLE (account_id uuid, username text, name text, locale text, role text, hat_id uuid,
               party_id uuid, party_register text, organisation_id int, organisation_name text,
               node_id int, region_id int, nodes int[], library_nodes int[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.id, a.username::text, a.name::text, a.locale::text, h.role::text, h.id,
         h.party_id, h.party_register::text, o.id, o.name::text, o.node_id, o.region_id::int, m.mine,
         CASE WHEN h.role IN ('station_staff', 'committee', 'province_staff', 'centre_leader',
                              'centre_staff') THEN m.mine || n.ancestors ELSE '{}'::int[] END
    FROM hat h
    JOIN account a ON a.id = h.account_id
    JOIN organisation o ON o.id = h.organisation_id
    JOIN organisation n ON n.id = o.node_id
   CROSS JOIN LATERAL (SELECT CASE
      WHEN h.role IN ('station_staff', 'committee') THEN ARRAY[o.node_id]
      WHEN h.role IN ('province_staff', 'centre_leader', 'centre_staff', 'auditor') THEN
        (SELECT array_agg(x.id ORDER BY x.id) FROM organisation x
          WHERE x.kind IN ('province', 'centre', 'park')
            AND (x.id = o.node_id OR o.node_id = ANY(x.ancestors)))
      ELSE '{}'::int[] END AS mine) m
   WHERE h.id = ANY(p_hats) AND a.state = 'active' AND h.ended_at IS NULL
     AND (h.valid_until IS NULL OR h.valid_until >= current_date)
$$;

-- Hats near a record of which the caller is one; a party meets those it has met there already.
CREATE FUNCTION park_near(p_node int, p_record uuid, p_like text, p_hats uuid[])
RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT h.id
    FROM hat h
    JOIN account a ON a.id = h.account_id AND a.state = 'active'
    JOIN organisation o ON o.id = h.organisation_id
   WHERE coalesce(park_scope_holds(p_node, p_record), false)
     AND h.ended_at IS NULL
     AND a.id IS DISTINCT FROM nullif(current_setting('app.account', true), '')::uuid
     AND (p_hats IS NULL OR h.id = ANY(p_hats))
     AND (p_like IS NULL OR a.name ILIKE p_like)
     AND CASE
       WHEN h.party_id IS NOT NULL THEN EXISTS (
         SELECT FROM party_link l WHERE l.record_id = p_record AND l.party_id = h.party_id)
       WHEN h.role IN ('station_staff', 'committee') THEN o.node_id = p_node
       WHEN h.role IN ('centre_leader', 'centre_staff', 'province_staff') THEN
         o.node_id = p_node
         OR EXISTS (SELECT FROM organisation x WHERE x.id = p_node AND o.node_id = ANY(x.ancestors))
       ELSE false END
     AND (coalesce(current_setting('app.party', true), '') = ''
          OR h.party_id = nullif(current_setting('app.party', true), '')::uuid
          OR a.id IN (SELECT v.account_id FROM record_version v WHERE v.record_id = p_record)
          OR a.id IN (SELECT c.created_by FROM comment c
                       WHERE c.record_id = p_record AND NOT c.internal AND c.deleted_at IS NULL))
   ORDER BY a.name, h.id
   LIMIT 60
$$;

-- Tell followers of records, or hats named one by one, what happened; return what is mailed at once.
CREATE FUNCTION park_tell(p_items jsonb)
RETURNS TABLE (id uuid, hat_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH item AS (
    SELECT * FROM jsonb_to_recordset(p_items) AS i(
      region_id smallint, node_id int, register_name text, record_id uuid, comment_id uuid,
      kind text, verb text, actor_id uuid, actor_name text, actor_organisation text, detail jsonb,
      once text, roles text[], hats uuid[], but uuid[], at timestamptz)
    WHERE CASE WHEN i.record_id IS NULL THEN
                 starts_with(session_user::text, 'park_staff')
                 OR NOT EXISTS (SELECT FROM hat h WHERE h.id = ANY(i.hats) AND h.account_id
                    IS DISTINCT FROM nullif(current_setting('app.account', true), '')::uuid)
               ELSE coalesce(park_scope_holds(i.node_id, i.record_id), false) END
  ), addressed AS (
    SELECT item.*, f.account_id AS account, f.hat_id AS hat FROM item
      JOIN follower f ON f.record_id = item.record_id AND f.region_id = item.region_id AND NOT f.off
     WHERE item.hats IS NULL
    UNION ALL
    SELECT item.*, h.account_id, h.id FROM item JOIN hat h ON h.id = ANY(item.hats)
  ), told AS (
    SELECT d.*, a.mail, a.email_verified_at FROM addressed d
      JOIN hat h ON h.id = d.hat AND h.ended_at IS NULL
      JOIN account a ON a.id = d.account AND a.state = 'active'
     WHERE d.account IS DISTINCT FROM d.actor_id AND h.role = ANY(d.roles)
       AND NOT coalesce(d.hat = ANY(d.but), false)
  ), following AS (
    INSERT INTO follower (region_id, node_id, register_name, record_id, account_id, hat_id, why,
                          since)
    SELECT DISTINCT ON (t.region_id, t.record_id, t.account) t.region_id, t.node_id,
           t.register_name, t.record_id, t.account, t.hat, 'mentioned', t.at
      FROM told t WHERE t.kind = 'mention'
    ON CONFLICT DO NOTHING
  ), written AS (
    INSERT INTO notification (id, account_id, hat_id, kind, region_id, node_id, register_name,
                              record_id, comment_id, verb, actor_name, actor_organisation, detail,
                              once, at)
    SELECT gen_random_uuid(), t.account, t.hat, t.kind, t.region_id, t.node_id, t.register_name,
           t.record_id, t.comment_id, t.verb, t.actor_name, t.actor_organisation, t.detail, t.once,
           t.at
      FROM told t
    ON CONFLICT DO NOTHING
    RETURNING id, account_id, hat_id
  )
  SELECT w.id, w.hat_id FROM written w JOIN account a ON a.id = w.account_id
   WHERE a.mail = 'immediate' AND a.email_verified_at IS NOT NULL;
END $$;

-- Hats with something not yet mailed, of people who hear once a day.
CREATE FUNCTION park_daily_mail(p_since timestamptz)
RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT n.hat_id FROM notification n JOIN account a ON a.id = n.account_id
   WHERE n.read_at IS NULL AND n.mailed_at IS NULL AND n.at >= p_since
     AND a.mail = 'daily' AND a.email_verified_at IS NOT NULL AND a.state = 'active'
$$;

-- Who answers for a record at its node: whom a missed promise concerns.
CREATE FUNCTION park_in_charge(p_node int, p_roles text[])
RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT h.id FROM hat h JOIN organisation o ON o.id = h.organisation_id
   WHERE h.ended_at IS NULL AND o.node_id = p_node AND h.role = ANY(p_roles)
     AND p_node = ANY(string_to_array(nullif(current_setting('app.nodes', true), ''), ',')::int[])
$$;

-- What was told long ago is of no use any more.
CREATE FUNCTION park_forget_notices(p_before timestamptz)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM notification n WHERE n.at < p_before
$$;
