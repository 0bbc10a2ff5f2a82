using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Streaming.Data.Migrations
{
    /// <inheritdoc />
    public partial class SampledByAge : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_sampled_events_created_at",
                table: "sampled_events",
                column: "created_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_sampled_events_created_at",
                table: "sampled_events");
        }
    }
}
