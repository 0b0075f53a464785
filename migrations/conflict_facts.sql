-- What a conflict of interest may rest on, whoever asks: facts that block even where the caller may
-- not read the record they stand in. Only narrow columns leave; what of them a reader is told, the
-- application decides (docs/decisions/0009-conflicts.md). Nothing is told without a scope.

CREATE FUNCTION park_scoped() RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT nullif(current_setting('app.nodes', true), '') IS NOT NULL
$$;

-- A person's name without width, case, blanks and marks; the script stays as it was typed.
-- Without SET, so that it is inlined: it is asked of every project.
CREATE FUNCTION park_bare_name(p_name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT pg_catalog.lower(pg_catalog.translate(normalize(p_name, NFKC), E' \t\n\r\u00b7\u2022\u30fb.,-_''()\u2019', ''))
$$;

-- The rules of a region are no secret: whoever is judged by them may ask.
CREATE FUNCTION park_conflict_rules(p_region int, p_day date)
RETURNS TABLE (id uuid, code text, purpose text, effect text, years int, days int, percent int,
  cap int, document text, document_no text, clause text, valid_from date, valid_to date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT r.id, r.code, r.purpose, r.effect, r.years, r.days, r.percent, r.cap, r.document,
    r.document_no, r.clause, r.valid_from, r.valid_to
  FROM conflict_rule r
  WHERE r.region_id = p_region AND r.deleted_at IS NULL AND r.state IN ('active', 'replaced')
    AND r.valid_from <= p_day AND coalesce(r.valid_to, p_day) >= p_day
    AND coalesce(r.replaced_from, p_day + 1) > p_day
  ORDER BY r.code, r.purpose
$$;

-- Projects led by somebody of one of these names. The text is told only where it is compared.
CREATE FUNCTION park_led_projects(p_names text[])
RETURNS TABLE (id uuid, leader_name text, state text, undertakers jsonb, period_from date,
  period_to date, approved_on date, title text, summary text, keywords jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.id, p.leader_name, p.state, p.undertakers, p.period_from, p.period_to, p.approved_on,
    CASE WHEN open.it THEN p.title END, CASE WHEN open.it THEN p.summary END,
    CASE WHEN open.it THEN p.keywords END
  FROM project p, LATERAL (SELECT p.state IN
    ('lead', 'reserve', 'argumentation', 'applying', 'recommended') AS it) open
  WHERE park_scoped() AND p.deleted_at IS NULL AND p.leader_name IS NOT NULL
    AND park_bare_name(p.leader_name) IN (SELECT unnest(p_names))  -- hashed; = ANY is not
  ORDER BY p.id
$$;

-- Achievements these experts own together with an organisation.
CREATE FUNCTION park_owned_achievements(p_experts uuid[])
RETURNS TABLE (id uuid, expert_id uuid, enterprise_id uuid, owner_name text, state text,
  recorded_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.id, a.expert_id, a.enterprise_id, a.owner_name, a.state,
    (a.created_at AT TIME ZONE 'Asia/Shanghai')::date
  FROM achievement a
  WHERE park_scoped() AND a.deleted_at IS NULL AND a.expert_id IN (SELECT unnest(p_experts))
  ORDER BY a.id
$$;

-- What these experts were asked to do: matches, and reviews once there are any.
CREATE FUNCTION park_engagements(p_experts uuid[])
RETURNS TABLE (register_name text, id uuid, expert_id uuid, subject_id uuid, state text,
  asked_on date, enterprise_ids uuid[], undertakers jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF NOT park_scoped() THEN RETURN; END IF;
  RETURN QUERY SELECT 'matches', m.id, m.candidate_id, coalesce(m.need_id, m.project_id),
      m.state::text, coalesce(m.checked_on, (m.created_at AT TIME ZONE 'Asia/Shanghai')::date),
      array_remove(ARRAY[n.enterprise_id, p.owner_id], NULL), coalesce(p.undertakers, '[]')
    FROM match m
    LEFT JOIN need n ON n.region_id = m.region_id AND n.id = m.need_id
    LEFT JOIN project p ON p.region_id = m.region_id AND p.id = m.project_id
    WHERE m.deleted_at IS NULL AND m.candidate_kind = 'experts'
      AND m.candidate_id IN (SELECT unnest(p_experts))
    ORDER BY m.id;
  IF to_regclass('public.review') IS NOT NULL THEN
    RETURN QUERY EXECUTE
      'SELECT ''reviews'', r.id, r.expert_id, coalesce(r.project_id, r.need_id, r.panel_id),
         r.state::text, (coalesce(r.invited_at, r.created_at) AT TIME ZONE ''Asia/Shanghai'')::date,
         ''{}''::uuid[], ''[]''::jsonb
       FROM review r WHERE r.deleted_at IS NULL AND r.expert_id IN (SELECT unnest($1))
         AND (r.invited_at IS NOT NULL OR (r.state = ''reserved'' AND r.kind = ''member''))
       ORDER BY r.id' USING p_experts;
  END IF;
END $$;

-- Every name an enterprise bears or bore, by its id, its code or a name of it; in every park that
-- keeps it, for one enterprise may stand in two ledgers.
CREATE FUNCTION park_enterprise_names(p_ids uuid[], p_codes text[], p_names text[])
RETURNS TABLE (id uuid, uscc text, name text, former boolean, since date, until date,
  legal_representative text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH asked AS (
    SELECT e.uscc FROM enterprise e WHERE park_scoped() AND (e.id = ANY(p_ids)
      OR (e.deleted_at IS NULL AND (e.uscc = ANY(p_codes) OR e.name = ANY(p_names))))
  ), known AS (
    SELECT e.id, e.uscc, e.name, e.former_names, e.legal_representative FROM enterprise e
    WHERE e.uscc IN (SELECT a.uscc FROM asked a) AND (e.deleted_at IS NULL OR e.id = ANY(p_ids))
  ), before AS (
    SELECT v.record_id, v."row"->>'name' AS name, v."row"->>'uscc' AS uscc,
      (min(v.at) AT TIME ZONE 'Asia/Shanghai')::date AS since,
      (max(v.at) AT TIME ZONE 'Asia/Shanghai')::date AS until
    FROM record_version v JOIN known k ON k.id = v.record_id
    WHERE v.register_name = 'enterprises' GROUP BY 1, 2, 3
  )
  SELECT k.id, k.uscc::text, k.name::text, false, NULL::date, NULL::date,
    k.legal_representative::text FROM known k
  UNION ALL
  SELECT k.id, k.uscc, f.name, true, NULL, NULL, NULL
    FROM known k, jsonb_array_elements_text(k.former_names) f(name)
  UNION ALL
  SELECT k.id, b.uscc, b.name, true, b.since, b.until, NULL
    FROM known k JOIN before b ON b.record_id = k.id
    WHERE (b.name, b.uscc) IS DISTINCT FROM (k.name::text, k.uscc::text)
$$;
