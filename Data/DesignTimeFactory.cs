using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Streaming.Data;

/// <summary>For <c>dotnet ef migrations</c> only, which compares models and opens no connection.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<StreamingDbContext>
{
    public StreamingDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<StreamingDbContext>().UseNpgsql("Host=localhost").Options);
}
