package org.millwright.web.grpc;

import java.util.ArrayList;
import java.util.List;
import org.millwright.kernel.Problem;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;
import org.millwright.scoring.codec.BinaryData;
import org.millwright.scoring.codec.Datatype;
import org.millwright.serving.Answer;

/** Writes a ModelInferResponse: tensors as raw bytes when they came so, else as contents. */
final class InferAnswer {
    private InferAnswer() {}

    static byte[] write(String model, Answer answer, InferMessage.Read read) {
        Frame predictions = answer.predictions();
        var message = new Message().text(1, model).text(2, answer.version());
        message.text(3, read.request().rows().id());
        List<byte[]> raw = new ArrayList<>();
        for (int column = 0; column < predictions.width(); column++) {
            if (!read.request().wants(predictions.name(column))) {
                continue;
            }
            String datatype = Datatype.of(predictions.type(column)).name();
            Message tensor = InferenceService.tensor(predictions.name(column), datatype, predictions.rows());
            if (read.raw()) {
                raw.add(BinaryData.write(predictions, column));
            } else {
                tensor.message(5, contents(predictions, column, Contents.listOf(datatype)));
            }
            message.message(5, tensor);
        }
        raw.forEach(data -> message.bytes(6, data));
        return message.toBytes();
    }

    private static Message contents(Frame frame, int column, int list) {
        Vector values = frame.column(column);
        requirePresent(frame, column, values);
        return switch (values) {
            case Vector.Doubles doubles ->
                new Message().packed(list, out -> {
                    for (double value : doubles.values()) {
                        if (list == Contents.FP32S) {
                            out.writeFloatNoTag((float) value);
                        } else {
                            out.writeDoubleNoTag(value);
                        }
                    }
                });
            case Vector.Longs longs ->
                new Message().packed(list, out -> {
                    for (long value : longs.values()) {
                        out.writeInt64NoTag(value);
                    }
                });
            case Vector.Booleans booleans ->
                new Message().packed(list, out -> {
                    for (boolean value : booleans.values()) {
                        out.writeBoolNoTag(value);
                    }
                });
            case Vector.Strings strings -> {
                var message = new Message();
                for (String value : strings.values()) {
                    message.element(list, String.valueOf(value));
                }
                yield message;
            }
        };
    }

    private static void requirePresent(Frame frame, int column, Vector values) {
        for (int row = 0; row < frame.rows(); row++) {
            if (values.isNull(row) && !(values instanceof Vector.Doubles)) {
                throw new Problem.Invalid("output '" + frame.name(column) + "', row " + row
                        + ": is missing, which gRPC cannot say: ask for it over REST");
            }
        }
    }
}
