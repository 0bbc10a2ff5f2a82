CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" character varying(150) NOT NULL,
    "ProductVersion" character varying(32) NOT NULL,
    CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY ("MigrationId")
);

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121115445_Initial') THEN
    CREATE TABLE checkpoints (
        pipeline text NOT NULL,
        generation integer NOT NULL,
        topic_id uuid NOT NULL,
        partition integer NOT NULL,
        topic text NOT NULL,
        version bigint NOT NULL,
        next_offset bigint NOT NULL,
        watermark timestamp with time zone,
        outbox_seq bigint NOT NULL,
        events bigint NOT NULL,
        late bigint NOT NULL,
        rejected bigint NOT NULL,
        unknown_keys bigint NOT NULL,
        end_offset bigint,
        owner text NOT NULL,
        trace_parent text,
        updated_at timestamp with time zone NOT NULL,
        CONSTRAINT pk_checkpoints PRIMARY KEY (pipeline, generation, topic_id, partition)
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121115445_Initial') THEN
    CREATE TABLE idle_marks (
        pipeline text NOT NULL,
        generation integer NOT NULL,
        topic_id uuid NOT NULL,
        partition integer NOT NULL,
        next_offset bigint NOT NULL,
        watermark timestamp with time zone NOT NULL,
        CONSTRAINT pk_idle_marks PRIMARY KEY (pipeline, generation, topic_id, partition, next_offset, watermark)
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121115445_Initial') THEN
    CREATE TABLE installation (
        id uuid NOT NULL,
        CONSTRAINT pk_installation PRIMARY KEY (id)
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121115445_Initial') THEN
    CREATE TABLE outbox (
        pipeline text NOT NULL,
        generation integer NOT NULL,
        topic_id uuid NOT NULL,
        partition integer NOT NULL,
        seq bigint NOT NULL,
        topic text NOT NULL,
        key bytea,
        value bytea,
        headers bytea,
        created_at timestamp with time zone NOT NULL,
        CONSTRAINT pk_outbox PRIMARY KEY (pipeline, generation, topic_id, partition, seq)
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121115445_Initial') THEN
    CREATE TABLE parked_outbox (
        pipeline text NOT NULL,
        generation integer NOT NULL,
        topic_id uuid NOT NULL,
        partition integer NOT NULL,
        seq bigint NOT NULL,
        topic text NOT NULL,
        key bytea,
        value bytea,
        headers bytea,
        value_hash bytea NOT NULL,
        error text NOT NULL,
        parked_at timestamp with time zone NOT NULL,
        CONSTRAINT pk_parked_outbox PRIMARY KEY (pipeline, generation, topic_id, partition, seq)
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121115445_Initial') THEN
    CREATE TABLE pipelines (
        name text NOT NULL,
        generation integer NOT NULL,
        fingerprint text NOT NULL,
        created_at timestamp with time zone NOT NULL,
        CONSTRAINT pk_pipelines PRIMARY KEY (name)
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121115445_Initial') THEN
    CREATE TABLE relay_leases (
        pipeline text NOT NULL,
        holder text NOT NULL,
        expires_at timestamp with time zone NOT NULL,
        CONSTRAINT pk_relay_leases PRIMARY KEY (pipeline)
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121115445_Initial') THEN
    CREATE TABLE stores (
        store_id text NOT NULL,
        name text NOT NULL,
        city text NOT NULL,
        country text NOT NULL,
        latitude double precision NOT NULL,
        longitude double precision NOT NULL,
        currency character(3) NOT NULL,
        updated_at timestamp with time zone NOT NULL,
        CONSTRAINT pk_stores PRIMARY KEY (store_id)
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121115445_Initial') THEN
    CREATE TABLE window_results (
        pipeline text NOT NULL,
        generation integer NOT NULL,
        topic_id uuid NOT NULL,
        partition integer NOT NULL,
        window_start timestamp with time zone NOT NULL,
        window_end timestamp with time zone NOT NULL,
        group_key text NOT NULL,
        count bigint NOT NULL,
        sum numeric NOT NULL,
        min bigint NOT NULL,
        max bigint NOT NULL,
        late bigint NOT NULL,
        state bytea,
        is_final boolean NOT NULL,
        version bigint NOT NULL,
        CONSTRAINT pk_window_results PRIMARY KEY (pipeline, generation, topic_id, partition, window_start, window_end, group_key)
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121115445_Initial') THEN
    CREATE INDEX ix_window_results_pipeline_generation_window_start ON window_results (pipeline, generation, window_start);
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121115445_Initial') THEN
    ALTER TABLE window_results SET (fillfactor = 70);
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121115445_Initial') THEN
    ALTER TABLE checkpoints SET (fillfactor = 50);
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121115445_Initial') THEN
    ALTER TABLE relay_leases SET (fillfactor = 50);
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121115445_Initial') THEN
    INSERT INTO installation (id) VALUES (gen_random_uuid());
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121115445_Initial') THEN
    INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
    VALUES ('20261121115445_Initial', '10.0.14');
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    ALTER TABLE window_results DROP CONSTRAINT pk_window_results;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    DROP INDEX ix_window_results_pipeline_generation_window_start;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    ALTER TABLE window_results ADD window_name text NOT NULL DEFAULT '1m';
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    ALTER TABLE window_results ADD is_pane boolean NOT NULL DEFAULT FALSE;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    ALTER TABLE pipelines ADD is_paused boolean NOT NULL DEFAULT FALSE;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    ALTER TABLE checkpoints ADD filtered bigint NOT NULL DEFAULT 0;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    ALTER TABLE window_results ADD CONSTRAINT pk_window_results PRIMARY KEY (pipeline, generation, topic_id, partition, window_name, is_pane, window_start, window_end, group_key);
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    CREATE TABLE alert_states (
        pipeline text NOT NULL,
        generation integer NOT NULL,
        topic_id uuid NOT NULL,
        partition integer NOT NULL,
        rule text NOT NULL,
        group_key text NOT NULL,
        is_firing boolean NOT NULL,
        state jsonb NOT NULL,
        version bigint NOT NULL,
        CONSTRAINT pk_alert_states PRIMARY KEY (pipeline, generation, topic_id, partition, rule, group_key)
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    CREATE TABLE alerts (
        pipeline text NOT NULL,
        generation integer NOT NULL,
        topic_id uuid NOT NULL,
        partition integer NOT NULL,
        rule text NOT NULL,
        group_key text NOT NULL,
        at timestamp with time zone NOT NULL,
        transition text NOT NULL,
        severity text NOT NULL,
        window_name text NOT NULL,
        window_start timestamp with time zone NOT NULL,
        window_end timestamp with time zone NOT NULL,
        value double precision,
        threshold double precision,
        message text NOT NULL,
        version bigint NOT NULL,
        created_at timestamp with time zone NOT NULL,
        CONSTRAINT pk_alerts PRIMARY KEY (pipeline, generation, topic_id, partition, rule, group_key, at, transition)
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    CREATE TABLE pipeline_generations (
        pipeline text NOT NULL,
        generation integer NOT NULL,
        fingerprint text NOT NULL,
        definition jsonb NOT NULL,
        state text NOT NULL,
        replay_from timestamp with time zone,
        covers_from timestamp with time zone,
        created_at timestamp with time zone NOT NULL,
        activated_at timestamp with time zone,
        retired_at timestamp with time zone,
        CONSTRAINT pk_pipeline_generations PRIMARY KEY (pipeline, generation)
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    CREATE TABLE webhook_deliveries (
        idempotency_key text NOT NULL,
        pipeline text NOT NULL,
        body text NOT NULL,
        attempts integer NOT NULL,
        next_attempt_at timestamp with time zone NOT NULL,
        last_error text,
        created_at timestamp with time zone NOT NULL,
        CONSTRAINT pk_webhook_deliveries PRIMARY KEY (idempotency_key)
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    CREATE TABLE window_tombstones (
        pipeline text NOT NULL,
        generation integer NOT NULL,
        topic_id uuid NOT NULL,
        partition integer NOT NULL,
        window_name text NOT NULL,
        is_pane boolean NOT NULL,
        window_start timestamp with time zone NOT NULL,
        window_end timestamp with time zone NOT NULL,
        group_key text NOT NULL,
        version bigint NOT NULL,
        created_at timestamp with time zone NOT NULL,
        CONSTRAINT pk_window_tombstones PRIMARY KEY (pipeline, generation, topic_id, partition, version, window_name, is_pane, window_start, window_end, group_key)
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    CREATE INDEX ix_window_results_pipeline_generation_window_name_window_start ON window_results (pipeline, generation, window_name, window_start);
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    CREATE INDEX ix_alerts_pipeline_generation_at ON alerts (pipeline, generation, at);
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    CREATE INDEX ix_webhook_deliveries_next_attempt_at ON webhook_deliveries (next_attempt_at);
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    CREATE INDEX ix_window_tombstones_created_at ON window_tombstones (created_at);
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    INSERT INTO pipeline_generations (pipeline, generation, fingerprint, definition, state, created_at, activated_at)
    SELECT name, generation, '', '{}', 'active', created_at, created_at FROM pipelines;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    ALTER TABLE pipelines DROP COLUMN fingerprint;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    ALTER TABLE window_results ALTER COLUMN window_name DROP DEFAULT;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    ALTER TABLE alert_states SET (fillfactor = 70);
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121145031_Engine') THEN
    INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
    VALUES ('20261121145031_Engine', '10.0.14');
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121180650_Events') THEN
    CREATE TABLE events (
        pipeline text NOT NULL,
        generation integer NOT NULL,
        topic_id uuid NOT NULL,
        partition integer NOT NULL,
        "offset" bigint NOT NULL,
        event_time timestamp with time zone NOT NULL,
        group_key text NOT NULL,
        is_late boolean NOT NULL,
        values bigint[] NOT NULL,
        body bytea,
        version bigint NOT NULL,
        CONSTRAINT pk_events PRIMARY KEY (pipeline, generation, topic_id, partition, "offset")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121180650_Events') THEN
    CREATE TABLE stage_progress (
        pipeline text NOT NULL,
        instance text NOT NULL,
        started_at timestamp with time zone NOT NULL,
        taken bigint NOT NULL,
        published bigint NOT NULL,
        filtered bigint NOT NULL,
        rejected bigint NOT NULL,
        unknown bigint NOT NULL,
        updated_at timestamp with time zone NOT NULL,
        CONSTRAINT pk_stage_progress PRIMARY KEY (pipeline, instance)
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121180650_Events') THEN
    CREATE INDEX ix_events_pipeline_event_time ON events (pipeline, event_time);
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121180650_Events') THEN
    INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
    VALUES ('20261121180650_Events', '10.0.14');
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121220430_SharedKeys') THEN
    CREATE TABLE data_protection_keys (
        name text NOT NULL,
        xml text NOT NULL,
        created_at timestamp with time zone NOT NULL,
        CONSTRAINT pk_data_protection_keys PRIMARY KEY (name)
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121220430_SharedKeys') THEN
    INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
    VALUES ('20261121220430_SharedKeys', '10.0.14');
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121220453_InstanceFigures') THEN
    CREATE TABLE instance_figures (
        pipeline text NOT NULL,
        generation integer NOT NULL,
        instance text NOT NULL,
        started_at timestamp with time zone NOT NULL,
        updated_at timestamp with time zone NOT NULL,
        partitions integer NOT NULL,
        stopped_partitions integer NOT NULL,
        is_paused boolean NOT NULL,
        lag bigint,
        open_windows integer NOT NULL,
        state_bytes bigint NOT NULL,
        events bigint NOT NULL,
        late bigint NOT NULL,
        rejected bigint NOT NULL,
        filtered bigint NOT NULL,
        refused_partitions bigint NOT NULL,
        refused_events bigint NOT NULL,
        checkpoints bigint NOT NULL,
        checkpoint_failures bigint NOT NULL,
        connections_lost bigint NOT NULL,
        event_to_commit bytea NOT NULL,
        checkpoint_duration bytea NOT NULL,
        CONSTRAINT pk_instance_figures PRIMARY KEY (pipeline, generation, instance)
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121220453_InstanceFigures') THEN
    INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
    VALUES ('20261121220453_InstanceFigures', '10.0.14');
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121230500_Sampled') THEN
    ALTER TABLE webhook_deliveries ADD trace_parent text;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121230500_Sampled') THEN
    ALTER TABLE alerts ADD trace_parent text;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121230500_Sampled') THEN
    CREATE TABLE sampled_events (
        pipeline text NOT NULL,
        generation integer NOT NULL,
        topic_id uuid NOT NULL,
        partition integer NOT NULL,
        "offset" bigint NOT NULL,
        event_time timestamp with time zone NOT NULL,
        group_key text NOT NULL,
        is_late boolean NOT NULL,
        values bigint[] NOT NULL,
        trace_parent text NOT NULL,
        checkpoint_trace_parent text NOT NULL,
        version bigint NOT NULL,
        created_at timestamp with time zone NOT NULL,
        CONSTRAINT pk_sampled_events PRIMARY KEY (pipeline, generation, topic_id, partition, "offset")
    );
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121230500_Sampled') THEN
    CREATE INDEX ix_sampled_events_pipeline_event_time ON sampled_events (pipeline, event_time);
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121230500_Sampled') THEN
    INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
    VALUES ('20261121230500_Sampled', '10.0.14');
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121233217_Outputs') THEN
    ALTER TABLE instance_figures ADD alert_transitions bigint NOT NULL DEFAULT 0;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121233217_Outputs') THEN
    ALTER TABLE instance_figures ADD closed_windows bigint NOT NULL DEFAULT 0;
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261121233217_Outputs') THEN
    INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
    VALUES ('20261121233217_Outputs', '10.0.14');
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261122022000_SampledByAge') THEN
    CREATE INDEX ix_sampled_events_created_at ON sampled_events (created_at);
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20261122022000_SampledByAge') THEN
    INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
    VALUES ('20261122022000_SampledByAge', '10.0.14');
    END IF;
END $EF$;

