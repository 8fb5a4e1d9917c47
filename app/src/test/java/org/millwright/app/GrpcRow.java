package org.millwright.app;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A ModelInferRequest with one row for {@link ReadyModel}'s deployment. */
final class GrpcRow {
    static final byte[] MESSAGE = written(out -> {
        out.writeString(1, ReadyModel.NAME);
        out.writeByteArray(5, tensor("distance", "FP64", contents -> contents.writeByteArray(7, packed(0, 0))));
        out.writeByteArray(5, tensor("wind", "FP64", contents -> contents.writeByteArray(7, packed(0, 0))));
        out.writeByteArray(5, tensor("hour", "INT64", contents -> contents.writeByteArray(3, new byte[] {7})));
        out.writeByteArray(
                5,
                tensor(
                        "carrier",
                        "BYTES",
                        contents -> contents.writeByteArray(8, "UA".getBytes(StandardCharsets.UTF_8))));
    });

    private GrpcRow() {}

    private interface Writing {
        void to(CodedOutputStream out) throws IOException;
    }

    private static byte[] tensor(String name, String datatype, Writing contents) {
        return written(out -> {
            out.writeString(1, name);
            out.writeString(2, datatype);
            out.writeInt64(3, 1);
            out.writeByteArray(5, written(contents));
        });
    }

    private static byte[] packed(int... halves) {
        return written(out -> {
            for (int half : halves) {
                out.writeFixed32NoTag(half);
            }
        });
    }

    private static byte[] written(Writing writing) {
        var bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            writing.to(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
