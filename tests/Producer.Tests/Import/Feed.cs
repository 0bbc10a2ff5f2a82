using System.Text;

namespace Streaming.Producer.Tests.Import;

/// <summary>An input that a test writes while it is read, as a pipe is.</summary>
internal sealed class Feed : Stream
{
    private readonly Queue<byte[]> _waiting = [];
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _came = new(0);
    private ReadOnlyMemory<byte> _rest;
    private bool _isEnded;
    private bool _isWaiting;

    /// <summary>Whether all that was written has been read and more is asked for.</summary>
    public bool IsDrained
    {
        get
        {
            lock (_gate)
            {
                return _isWaiting && _waiting.Count == 0;
            }
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public void Write(string text)
    {
        lock (_gate)
        {
            _waiting.Enqueue(Encoding.UTF8.GetBytes(text));
            _isWaiting = false;
        }

        _came.Release();
    }

    public void End()
    {
        _isEnded = true;
        _came.Release();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_rest.IsEmpty && _waiting.TryDequeue(out var bytes))
                {
                    _rest = bytes;
                }

                if (!_rest.IsEmpty)
                {
                    var length = Math.Min(count, _rest.Length);
                    _rest[..length].CopyTo(buffer.AsMemory(offset));
                    _rest = _rest[length..];
                    return length;
                }

                if (_isEnded)
                {
                    return 0;
                }

                _isWaiting = true;
            }

            _came.Wait();
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        End();
        base.Dispose(disposing);
    }
}
