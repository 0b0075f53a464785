-- Run with search_path = jobs, after procrastinate's own migrations.

-- What the house adds: jobs of a worker that has gone are another's, but not for ever.

CREATE FUNCTION take_over(p_seconds double precision, p_attempts int) RETURNS bigint
LANGUAGE sql AS $$
  WITH stalled AS (
    SELECT j.id FROM procrastinate_jobs j
      LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
     WHERE j.status = 'doing'
       AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => p_seconds))
       FOR UPDATE OF j SKIP LOCKED
  ), taken AS (
    UPDATE procrastinate_jobs j
       SET status = CASE WHEN j.attempts + 1 >= p_attempts THEN 'failed'
                         ELSE 'todo' END::procrastinate_job_status,
           attempts = j.attempts + 1, worker_id = NULL, abort_requested = false
      FROM stalled WHERE j.id = stalled.id
    RETURNING j.id
  )
  SELECT count(*) FROM taken
$$;

CREATE FUNCTION forget(p_days int) RETURNS void
LANGUAGE sql AS $$
  DELETE FROM procrastinate_jobs j
   WHERE j.status IN ('succeeded', 'failed', 'cancelled', 'aborted')
     AND NOT EXISTS (SELECT FROM procrastinate_events e WHERE e.job_id = j.id
                        AND e.at > now() - make_interval(days => p_days))
$$;

-- The one thing a request may do here: ask for work, inside its own transaction.
CREATE FUNCTION public.park_enqueue(p_task text, p_lock text, p_ids jsonb, p_after double precision)
RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = jobs, pg_temp AS $$
  SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[ROW(
    p_task, p_task, 0, p_lock, NULL, p_ids, now() + make_interval(secs => p_after)
  )::procrastinate_job_to_defer_v1]))
$$;
