using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>A PostgreSQL server. Its connection string is Npgsql's, without a database.</summary>
    public class PostgresServerResource(string name, ParameterResource? userName, ParameterResource password) : ContainerResource(name), IResourceWithConnectionString
    {
        internal const string PrimaryEndpointName = "tcp";
        private const string DefaultUserName = "postgres";
        private readonly Dictionary<string, string> _databases = new(StringComparer.OrdinalIgnoreCase);

        /// <summary>Where clients reach it.</summary>
        public EndpointReference PrimaryEndpoint => new(this, PrimaryEndpointName);

        /// <summary>Its host.</summary>
        public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

        /// <summary>Its port.</summary>
        public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

        /// <summary>The user's name; null for <c>postgres</c>.</summary>
        public ParameterResource? UserNameParameter { get; set; } = userName;

        /// <summary>The user's password.</summary>
        public ParameterResource PasswordParameter { get; set; } = password;

        /// <summary>The user's name.</summary>
        public ReferenceExpression UserNameReference => UserNameParameter is null
            ? ReferenceExpression.Create($"{DefaultUserName}")
            : ReferenceExpression.Create($"{UserNameParameter}");

        /// <inheritdoc/>
        public ReferenceExpression ConnectionStringExpression =>
            ReferenceExpression.Create($"Host={Host};Port={Port};Username={UserNameReference};Password={PasswordParameter}");

        /// <summary><c>postgresql://user:password@host:port</c>.</summary>
        public ReferenceExpression UriExpression => UserNameParameter is null
            ? ReferenceExpression.Create($"postgresql://{DefaultUserName:uri}:{PasswordParameter:uri}@{Host}:{Port}")
            : ReferenceExpression.Create($"postgresql://{UserNameParameter:uri}:{PasswordParameter:uri}@{Host}:{Port}");

        /// <summary>The JDBC connection string, without user and password.</summary>
        public ReferenceExpression JdbcConnectionString => ReferenceExpression.Create($"jdbc:postgresql://{Host}:{Port}");

        /// <summary>The names of its databases by the names of their resources.</summary>
        public IReadOnlyDictionary<string, string> Databases => _databases;

        /// <summary>The connection string, awaited where the port is not known yet.</summary>
        public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => ConnectionStringExpression.GetValueAsync(cancellationToken);

        IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        [
            new("Host", ReferenceExpression.Create($"{Host}")),
            new("Port", ReferenceExpression.Create($"{Port}")),
            new("Username", UserNameReference),
            new("Password", ReferenceExpression.Create($"{PasswordParameter}")),
            new("Uri", UriExpression),
            new("JdbcConnectionString", JdbcConnectionString),
        ];

        internal void AddDatabase(string name, string databaseName) => _databases.Add(name, databaseName);
    }

    /// <summary>A database of a PostgreSQL server.</summary>
    public class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource postgresParentResource)
        : Resource(name), IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
    {
        /// <inheritdoc/>
        public PostgresServerResource Parent { get; } = postgresParentResource;

        /// <summary>Its name on the server.</summary>
        public string DatabaseName { get; } = databaseName;

        /// <inheritdoc/>
        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent};Database={DatabaseName}");

        /// <summary><c>postgresql://user:password@host:port/database</c>.</summary>
        public ReferenceExpression UriExpression => ReferenceExpression.Create($"{Parent.UriExpression}/{DatabaseName:uri}");

        /// <summary>The JDBC connection string, without user and password.</summary>
        public ReferenceExpression JdbcConnectionString => ReferenceExpression.Create($"{Parent.JdbcConnectionString}/{DatabaseName:uri}");

        IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        [
            .. ((IResourceWithConnectionString)Parent).GetConnectionProperties().Where(property => property.Key is not "Uri" and not "JdbcConnectionString"),
            new("Uri", UriExpression),
            new("JdbcConnectionString", JdbcConnectionString),
            new("DatabaseName", ReferenceExpression.Create($"{DatabaseName}")),
        ];
    }
}

namespace Aspire.Hosting.Postgres
{
    /// <summary>The web page for PostgreSQL that the official package runs as a container.</summary>
    public sealed class PgWebContainerResource(string name) : ContainerResource(name);
}
