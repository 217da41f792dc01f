-- Brings a database back to what it held when this script ran, in a fraction of the time that a new copy takes.
-- Rows only: keep.shape() tells whether a test has changed the schema, and then a new copy is due.
CREATE SCHEMA keep;

CREATE FUNCTION keep.shape() RETURNS text LANGUAGE sql AS $$
  SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
    SELECT concat('trigger ', oid, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT concat('constraint ', oid, convalidated) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat('function ', oid, ' ', xmin) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat('column ', attrelid, '.', attnum, attnotnull)
      FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace
  ) AS parts(part)
$$;

CREATE FUNCTION keep.columns(wanted text) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
   WHERE table_schema = 'public' AND table_name = wanted AND is_generated = 'NEVER'
$$;

CREATE FUNCTION keep.renew() RETURNS void LANGUAGE plpgsql AS $$
DECLARE name text;
BEGIN
  -- Triggers and foreign keys rest, so that append-only tables can be emptied in any order.
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DELETE FROM public.%I', name);
  END LOOP;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'keep' AND tablename NOT LIKE '% %' LOOP
    EXECUTE format('INSERT INTO public.%1$I (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM keep.%1$I', name, keep.columns(name));
  END LOOP;
  PERFORM setval(sequence, value, called) FROM keep."all sequences";
END $$;

CREATE TABLE keep."all sequences" AS
  SELECT format('public.%I', sequencename)::regclass AS sequence,
         coalesce(last_value, start_value) AS value, last_value IS NOT NULL AS called
    FROM pg_sequences WHERE schemaname = 'public';

DO $$
DECLARE name text; filled boolean;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
    IF filled THEN
      EXECUTE format('CREATE TABLE keep.%1$I AS TABLE public.%1$I', name);
    END IF;
  END LOOP;
END $$;

CREATE TABLE keep."shape at first" AS SELECT keep.shape() AS shape;
