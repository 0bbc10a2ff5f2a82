using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Streaming.Data.Migrations
{
    /// <inheritdoc />
    public partial class InstanceFigures : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "instance_figures",
                columns: table => new
                {
                    pipeline = table.Column<string>(type: "text", nullable: false),
                    generation = table.Column<int>(type: "integer", nullable: false),
                    instance = table.Column<string>(type: "text", nullable: false),
                    started_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    partitions = table.Column<int>(type: "integer", nullable: false),
                    stopped_partitions = table.Column<int>(type: "integer", nullable: false),
                    is_paused = table.Column<bool>(type: "boolean", nullable: false),
                    lag = table.Column<long>(type: "bigint", nullable: true),
                    open_windows = table.Column<int>(type: "integer", nullable: false),
                    state_bytes = table.Column<long>(type: "bigint", nullable: false),
                    events = table.Column<long>(type: "bigint", nullable: false),
                    late = table.Column<long>(type: "bigint", nullable: false),
                    rejected = table.Column<long>(type: "bigint", nullable: false),
                    filtered = table.Column<long>(type: "bigint", nullable: false),
                    refused_partitions = table.Column<long>(type: "bigint", nullable: false),
                    refused_events = table.Column<long>(type: "bigint", nullable: false),
                    checkpoints = table.Column<long>(type: "bigint", nullable: false),
                    checkpoint_failures = table.Column<long>(type: "bigint", nullable: false),
                    connections_lost = table.Column<long>(type: "bigint", nullable: false),
                    event_to_commit = table.Column<byte[]>(type: "bytea", nullable: false),
                    checkpoint_duration = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_instance_figures", x => new { x.pipeline, x.generation, x.instance });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "instance_figures");
        }
    }
}
