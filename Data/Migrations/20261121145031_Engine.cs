using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Streaming.Data.Migrations
{
    /// <inheritdoc />
    public partial class Engine : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "pk_window_results",
                table: "window_results");

            migrationBuilder.DropIndex(
                name: "ix_window_results_pipeline_generation_window_start",
                table: "window_results");

            migrationBuilder.AddColumn<string>(
                name: "window_name",
                table: "window_results",
                type: "text",
                nullable: false,
                defaultValue: "1m");

            migrationBuilder.AddColumn<bool>(
                name: "is_pane",
                table: "window_results",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "is_paused",
                table: "pipelines",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "filtered",
                table: "checkpoints",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddPrimaryKey(
                name: "pk_window_results",
                table: "window_results",
                columns: new[] { "pipeline", "generation", "topic_id", "partition", "window_name", "is_pane", "window_start", "window_end", "group_key" });

            migrationBuilder.CreateTable(
                name: "alert_states",
                columns: table => new
                {
                    pipeline = table.Column<string>(type: "text", nullable: false),
                    generation = table.Column<int>(type: "integer", nullable: false),
                    topic_id = table.Column<Guid>(type: "uuid", nullable: false),
                    partition = table.Column<int>(type: "integer", nullable: false),
                    rule = table.Column<string>(type: "text", nullable: false),
                    group_key = table.Column<string>(type: "text", nullable: false),
                    is_firing = table.Column<bool>(type: "boolean", nullable: false),
                    state = table.Column<string>(type: "jsonb", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_alert_states", x => new { x.pipeline, x.generation, x.topic_id, x.partition, x.rule, x.group_key });
                });

            migrationBuilder.CreateTable(
                name: "alerts",
                columns: table => new
                {
                    pipeline = table.Column<string>(type: "text", nullable: false),
                    generation = table.Column<int>(type: "integer", nullable: false),
                    topic_id = table.Column<Guid>(type: "uuid", nullable: false),
                    partition = table.Column<int>(type: "integer", nullable: false),
                    rule = table.Column<string>(type: "text", nullable: false),
                    group_key = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    transition = table.Column<string>(type: "text", nullable: false),
                    severity = table.Column<string>(type: "text", nullable: false),
                    window_name = table.Column<string>(type: "text", nullable: false),
                    window_start = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    window_end = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    value = table.Column<double>(type: "double precision", nullable: true),
                    threshold = table.Column<double>(type: "double precision", nullable: true),
                    message = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_alerts", x => new { x.pipeline, x.generation, x.topic_id, x.partition, x.rule, x.group_key, x.at, x.transition });
                });

            migrationBuilder.CreateTable(
                name: "pipeline_generations",
                columns: table => new
                {
                    pipeline = table.Column<string>(type: "text", nullable: false),
                    generation = table.Column<int>(type: "integer", nullable: false),
                    fingerprint = table.Column<string>(type: "text", nullable: false),
                    definition = table.Column<string>(type: "jsonb", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    replay_from = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    covers_from = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    activated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    retired_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_pipeline_generations", x => new { x.pipeline, x.generation });
                });

            migrationBuilder.CreateTable(
                name: "webhook_deliveries",
                columns: table => new
                {
                    idempotency_key = table.Column<string>(type: "text", nullable: false),
                    pipeline = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<string>(type: "text", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    next_attempt_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    last_error = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_webhook_deliveries", x => x.idempotency_key);
                });

            migrationBuilder.CreateTable(
                name: "window_tombstones",
                columns: table => new
                {
                    pipeline = table.Column<string>(type: "text", nullable: false),
                    generation = table.Column<int>(type: "integer", nullable: false),
                    topic_id = table.Column<Guid>(type: "uuid", nullable: false),
                    partition = table.Column<int>(type: "integer", nullable: false),
                    window_name = table.Column<string>(type: "text", nullable: false),
                    is_pane = table.Column<bool>(type: "boolean", nullable: false),
                    window_start = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    window_end = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    group_key = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_window_tombstones", x => new { x.pipeline, x.generation, x.topic_id, x.partition, x.version, x.window_name, x.is_pane, x.window_start, x.window_end, x.group_key });
                });

            migrationBuilder.CreateIndex(
                name: "ix_window_results_pipeline_generation_window_name_window_start",
                table: "window_results",
                columns: new[] { "pipeline", "generation", "window_name", "window_start" });

            migrationBuilder.CreateIndex(
                name: "ix_alerts_pipeline_generation_at",
                table: "alerts",
                columns: new[] { "pipeline", "generation", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_next_attempt_at",
                table: "webhook_deliveries",
                column: "next_attempt_at");

            migrationBuilder.CreateIndex(
                name: "ix_window_tombstones_created_at",
                table: "window_tombstones",
                column: "created_at");

            // Written by hand. Until now there was one pipeline, of one-minute windows; an empty fingerprint is taken over by the definition that finds it.
            migrationBuilder.Sql("""
                INSERT INTO pipeline_generations (pipeline, generation, fingerprint, definition, state, created_at, activated_at)
                SELECT name, generation, '', '{}', 'active', created_at, created_at FROM pipelines;
                """);
            migrationBuilder.DropColumn(name: "fingerprint", table: "pipelines");
            migrationBuilder.Sql("ALTER TABLE window_results ALTER COLUMN window_name DROP DEFAULT;");
            migrationBuilder.Sql("ALTER TABLE alert_states SET (fillfactor = 70);");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "alert_states");

            migrationBuilder.DropTable(
                name: "alerts");

            migrationBuilder.DropTable(
                name: "pipeline_generations");

            migrationBuilder.DropTable(
                name: "webhook_deliveries");

            migrationBuilder.DropTable(
                name: "window_tombstones");

            migrationBuilder.DropPrimaryKey(
                name: "pk_window_results",
                table: "window_results");

            migrationBuilder.DropIndex(
                name: "ix_window_results_pipeline_generation_window_name_window_start",
                table: "window_results");

            migrationBuilder.DropColumn(
                name: "window_name",
                table: "window_results");

            migrationBuilder.DropColumn(
                name: "is_pane",
                table: "window_results");

            migrationBuilder.DropColumn(
                name: "is_paused",
                table: "pipelines");

            migrationBuilder.DropColumn(
                name: "filtered",
                table: "checkpoints");

            migrationBuilder.AddColumn<string>(
                name: "fingerprint",
                table: "pipelines",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddPrimaryKey(
                name: "pk_window_results",
                table: "window_results",
                columns: new[] { "pipeline", "generation", "topic_id", "partition", "window_start", "window_end", "group_key" });

            migrationBuilder.CreateIndex(
                name: "ix_window_results_pipeline_generation_window_start",
                table: "window_results",
                columns: new[] { "pipeline", "generation", "window_start" });
        }
    }
}
