using System.Diagnostics.CodeAnalysis;

namespace Streaming.Contracts.Avro;

/// <summary>The kinds of Avro schemas (https://avro.apache.org/docs/1.11.1/specification/). The primitives come first.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "They are Avro's own names of its types.")]
public enum AvroType
{
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
    Record,
    Enum,
    Array,
    Map,
    Union,
    Fixed,
}

/// <summary>
/// An Avro schema, checked when it was parsed. It does not change afterwards and may be shared by threads. Logical types are kept as
/// <see cref="Properties"/> and otherwise ignored, as the specification allows.
/// </summary>
public abstract class AvroSchema
{
    /// <summary>The longest schema text that is parsed, in characters.</summary>
    public const int MaxTextLength = 1024 * 1024;

    /// <summary>The deepest nesting of schemas and of values.</summary>
    public const int MaxDepth = 128;

    private protected AvroSchema(AvroType type) => Type = type;

    /// <summary>Its kind.</summary>
    public AvroType Type { get; }

    /// <summary>Attributes that Avro gives no meaning, such as <c>logicalType</c>: names and JSON texts, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Properties { get; internal init; } = [];

    /// <summary>Reads a schema from its JSON.</summary>
    /// <param name="json">The text.</param>
    /// <param name="checksDefaults">
    /// Whether a default value that does not fit its field is an error. False for schemas that others have accepted: such a default only cannot be used.
    /// </param>
    /// <exception cref="AvroSchemaException">It is none.</exception>
    public static AvroSchema Parse(string json, bool checksDefaults = true) => AvroSchemaParser.Parse(json, checksDefaults);

    /// <summary>The parsing canonical form: what of a schema decides how its values are written.</summary>
    public string CanonicalForm() => AvroCanonicalForm.Of(this);

    /// <summary>The schema's JSON without white space, attributes in a fixed order: equal for schemas that differ in nothing but their writing.</summary>
    public override string ToString() => AvroSchemaText.Of(this);

    /// <summary>The kind's name in schemas.</summary>
    internal static string Word(AvroType type) => type switch
    {
        AvroType.Null => "null",
        AvroType.Boolean => "boolean",
        AvroType.Int => "int",
        AvroType.Long => "long",
        AvroType.Float => "float",
        AvroType.Double => "double",
        AvroType.Bytes => "bytes",
        AvroType.String => "string",
        AvroType.Record => "record",
        AvroType.Enum => "enum",
        AvroType.Array => "array",
        AvroType.Map => "map",
        AvroType.Union => "union",
        AvroType.Fixed => "fixed",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a type"),
    };

    /// <summary>The name by which a union's value says which branch it is: a full name, or the kind's word.</summary>
    internal string BranchName => this is AvroNamed named ? named.FullName : Word(Type);
}

/// <summary>One of the eight types without parts.</summary>
public sealed class AvroPrimitive : AvroSchema
{
    internal AvroPrimitive(AvroType type)
        : base(type)
    {
    }
}

/// <summary>A type that has a name, and can be referred to by it.</summary>
public abstract class AvroNamed : AvroSchema
{
    private protected AvroNamed(AvroType type, AvroName name)
        : base(type) => TypeName = name;

    /// <summary>The name without its namespace.</summary>
    public string Name => TypeName.Name;

    /// <summary>The namespace; empty for none.</summary>
    public string Namespace => TypeName.Namespace;

    /// <summary>The name with its namespace.</summary>
    public string FullName => TypeName.FullName;

    /// <summary>Full names that it goes by too, when it reads what others wrote.</summary>
    public IReadOnlyList<string> Aliases { get; internal init; } = [];

    /// <summary>What it is, for people.</summary>
    public string? Doc { get; internal init; }

    internal AvroName TypeName { get; }
}

/// <summary>Fields in an order.</summary>
public sealed class AvroRecord : AvroNamed
{
    internal AvroRecord(AvroName name)
        : base(AvroType.Record, name)
    {
    }

    /// <summary>The fields, in the order in which they are written.</summary>
    public IReadOnlyList<AvroField> Fields { get; internal set; } = [];

    /// <summary>The field of a name; null when there is none.</summary>
    public AvroField? Field(string name) => Fields.FirstOrDefault(field => field.Name == name);
}

/// <summary>A field of a record.</summary>
public sealed class AvroField
{
    internal AvroField(string name, int position, AvroSchema schema) => (Name, Position, Schema) = (name, position, schema);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its place in the record, from 0.</summary>
    public int Position { get; }

    /// <summary>What it holds.</summary>
    public AvroSchema Schema { get; }

    /// <summary>Names that it goes by too, when it reads what others wrote.</summary>
    public IReadOnlyList<string> Aliases { get; internal init; } = [];

    /// <summary>What it is, for people.</summary>
    public string? Doc { get; internal init; }

    /// <summary>The default's JSON; null when there is none.</summary>
    public string? DefaultJson { get; internal init; }

    /// <summary>Whether it has a default value that fits.</summary>
    public bool HasDefault => DefaultJson is not null && DefaultProblem is null;

    /// <summary>The default as <see cref="AvroDecoder"/> gives values; without meaning unless <see cref="HasDefault"/>. To be read only.</summary>
    public object? Default { get; internal set; }

    /// <summary>Attributes that decide nothing here, such as <c>order</c>: names and JSON texts.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Properties { get; internal init; } = [];

    /// <summary>Why the default cannot be used; null when it can, or there is none.</summary>
    internal string? DefaultProblem { get; set; }
}

/// <summary>One symbol of a list.</summary>
public sealed class AvroEnumeration : AvroNamed
{
    internal AvroEnumeration(AvroName name, IReadOnlyList<string> symbols)
        : base(AvroType.Enum, name) => Symbols = symbols;

    /// <summary>The symbols, in the order of their numbers.</summary>
    public IReadOnlyList<string> Symbols { get; }

    /// <summary>What stands for a symbol that the reader does not know; null for none.</summary>
    public string? Default { get; internal init; }
}

/// <summary>A number of bytes.</summary>
public sealed class AvroFixed : AvroNamed
{
    internal AvroFixed(AvroName name, int size)
        : base(AvroType.Fixed, name) => Size = size;

    /// <summary>How many.</summary>
    public int Size { get; }
}

/// <summary>Any number of values of one type.</summary>
public sealed class AvroArray : AvroSchema
{
    internal AvroArray(AvroSchema items)
        : base(AvroType.Array) => Items = items;

    /// <summary>What it holds.</summary>
    public AvroSchema Items { get; }
}

/// <summary>Any number of values of one type under texts.</summary>
public sealed class AvroMap : AvroSchema
{
    internal AvroMap(AvroSchema values)
        : base(AvroType.Map) => Values = values;

    /// <summary>What it holds.</summary>
    public AvroSchema Values { get; }
}

/// <summary>A value of one of several types.</summary>
public sealed class AvroUnion : AvroSchema
{
    internal AvroUnion(IReadOnlyList<AvroSchema> branches)
        : base(AvroType.Union) => Branches = branches;

    /// <summary>The types, in the order of their numbers.</summary>
    public IReadOnlyList<AvroSchema> Branches { get; }
}
