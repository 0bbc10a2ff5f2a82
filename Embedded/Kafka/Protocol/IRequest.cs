namespace Streaming.Embedded.Kafka.Protocol;

/// <summary>A request message: knows its kind, its versions and how it lies on the wire.</summary>
internal interface IRequest<out TSelf>
    where TSelf : IRequest<TSelf>
{
    static abstract ApiSpec Api { get; }

    /// <summary>Decodes the body in <see cref="WireReader.Version"/>, which is one of <see cref="Api"/>'s.</summary>
    /// <exception cref="MalformedRequestException">The bytes are not such a message.</exception>
    static abstract TSelf Read(ref WireReader reader);
}
