namespace TaskManager.Tests.Api.Hosting;

/// <summary>Reads as much of protocol buffers as tests of OTLP need: the fields of a message whose values have a length, by the path of their numbers.</summary>
internal static class Protobuf
{
    /// <summary>Finds every value at a path, such as 1, 2, 2 for the spans of a trace request.</summary>
    public static IEnumerable<byte[]> At(byte[] message, params int[] path) =>
        path.Length == 0 ? [message] : Fields(message).Where(field => field.Number == path[0]).SelectMany(field => At(field.Value, path[1..]));

    private static List<(int Number, byte[] Value)> Fields(byte[] message)
    {
        var fields = new List<(int Number, byte[] Value)>();
        for (int at = 0; at < message.Length;)
        {
            ulong key = ReadNumber(message, ref at);
            switch (key & 7)
            {
                case 0:
                    ReadNumber(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    int length = (int)ReadNumber(message, ref at);
                    fields.Add(((int)(key >> 3), message[at..(at + length)]));
                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new FormatException($"No message: a field of kind {key & 7}.");
            }
        }

        return fields;
    }

    private static ulong ReadNumber(byte[] message, ref int at)
    {
        ulong number = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = message[at++];
            number |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return number;
            }
        }
    }
}
