using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Streaming.Data.Migrations
{
    /// <inheritdoc />
    public partial class Outputs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "alert_transitions",
                table: "instance_figures",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "closed_windows",
                table: "instance_figures",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "alert_transitions",
                table: "instance_figures");

            migrationBuilder.DropColumn(
                name: "closed_windows",
                table: "instance_figures");
        }
    }
}
