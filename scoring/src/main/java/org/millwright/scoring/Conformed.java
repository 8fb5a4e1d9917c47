package org.millwright.scoring;

import java.util.ArrayList;
import java.util.List;

/**
 * A frame brought to a signature: its columns in the signature's order and types.
 *
 * @param frame what the model takes
 * @param ignored names that the sent frame had and the signature has not
 */
public record Conformed(Frame frame, List<String> ignored) {
    public Conformed {
        ignored = List.copyOf(ignored);
    }

    static Conformed of(Signature signature, Frame sent) {
        if (sent.names().equals(signature.names()) && sameTypes(signature, sent)) {
            requireAdmitted(signature, sent);
            return new Conformed(sent, List.of());
        }
        List<String> ignored = new ArrayList<>();
        for (String name : sent.names()) {
            if (signature.position(name) < 0) {
                ignored.add(name);
            }
        }
        FrameBuilder builder = new FrameBuilder(signature, sent.rows());
        for (int i = 0; i < signature.inputs().size(); i++) {
            int from = sent.position(signature.inputs().get(i).name());
            if (from >= 0) {
                Vector column = sent.column(from);
                for (int row = 0; row < sent.rows(); row++) {
                    builder.add(i, column.value(row));
                }
            }
        }
        Frame frame = builder.build();
        requireAdmitted(signature, frame);
        return new Conformed(frame, ignored);
    }

    /** Refuses the first value that a narrowed column does not take. */
    private static void requireAdmitted(Signature signature, Frame frame) {
        for (int i = 0; signature.isConstrained() && i < frame.width(); i++) {
            Signature.Column column = signature.inputs().get(i);
            if (column.constraints().isNone()) {
                continue;
            }
            Vector values = frame.column(i);
            for (int row = 0; row < values.size(); row++) {
                Object value = values.value(row);
                if (value != null && !column.constraints().admits(value)) {
                    String expected = column.constraints().describe(column.type(), column.nullable());
                    throw InvalidInput.cell(column.name(), row, expected, value);
                }
            }
        }
    }

    private static boolean sameTypes(Signature signature, Frame sent) {
        for (int i = 0; i < sent.width(); i++) {
            if (sent.type(i) != signature.inputs().get(i).type()
                    || nullsRefused(signature.inputs().get(i), sent, i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean nullsRefused(Signature.Column column, Frame sent, int position) {
        if (column.nullable()) {
            return false;
        }
        Vector values = sent.column(position);
        for (int row = 0; row < values.size(); row++) {
            if (values.isNull(row)) {
                return true;
            }
        }
        return false;
    }
}
