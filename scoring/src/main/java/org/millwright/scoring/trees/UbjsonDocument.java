package org.millwright.scoring.trees;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.ModelFailure;

/** Reads Universal Binary JSON, as far as XGBoost writes it, into a {@link Document}. */
final class UbjsonDocument {
    private static final int DEEPEST = 64;

    private final ByteBuffer in;
    private int depth;

    private UbjsonDocument(ByteBuffer in) {
        this.in = in;
    }

    static Document read(byte[] file) {
        UbjsonDocument reader = new UbjsonDocument(ByteBuffer.wrap(file));
        try {
            if (reader.in.get() != '{') {
                throw reader.damaged("an object");
            }
            Map<String, @Nullable Object> values = reader.object();
            if (reader.in.hasRemaining()) {
                throw reader.damaged("the end");
            }
            return new Document("", values);
        } catch (BufferUnderflowException e) {
            throw new ModelFailure("the model file is damaged: it ends after " + file.length + " bytes, too early", e);
        }
    }

    private Map<String, @Nullable Object> object() {
        enter();
        Map<String, @Nullable Object> values = new HashMap<>();
        while (peek() != '}') {
            String name = text();
            values.put(name, value(in.get()));
        }
        in.get();
        depth--;
        return values;
    }

    private @Nullable Object value(byte type) {
        return switch (type) {
            case '{' -> object();
            case '[' -> array();
            case 'S' -> text();
            case 'C' -> String.valueOf((char) in.get());
            case 'T' -> Boolean.TRUE;
            case 'F' -> Boolean.FALSE;
            case 'Z' -> null;
            default -> number(type);
        };
    }

    private Object array() {
        enter();
        Object array;
        if (peek() == '$') {
            in.get();
            array = numbers(in.get());
        } else if (peek() == '#') {
            int count = count(1);
            List<@Nullable Object> values = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                values.add(value(in.get()));
            }
            array = values;
        } else {
            List<@Nullable Object> values = new ArrayList<>();
            while (peek() != ']') {
                values.add(value(in.get()));
            }
            in.get();
            array = values;
        }
        depth--;
        return array instanceof List<?> values ? packed(values) : array;
    }

    private static Object packed(List<?> values) {
        if (!values.stream().allMatch(Double.class::isInstance)) {
            return values;
        }
        return values.stream().mapToDouble(value -> (Double) value).toArray();
    }

    private double[] numbers(byte type) {
        double[] numbers = new double[count(size(type))];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(type);
        }
        return numbers;
    }

    /** A length, bounded by the bytes that are left. */
    private int count(int size) {
        if (in.get() != '#') {
            throw damaged("a length");
        }
        double count = number(in.get());
        if (!(count >= 0 && count * size <= in.remaining())) {
            throw damaged("a length that fits the file");
        }
        return (int) count;
    }

    private int size(byte type) {
        return switch (type) {
            case 'i', 'U' -> 1;
            case 'I' -> 2;
            case 'l', 'd' -> 4;
            case 'L', 'D' -> 8;
            default -> throw damaged("a type of numbers");
        };
    }

    private double number(byte type) {
        return switch (type) {
            case 'i' -> in.get();
            case 'U' -> in.get() & 0xff;
            case 'I' -> in.getShort();
            case 'l' -> in.getInt();
            case 'L' -> in.getLong();
            case 'd' -> in.getFloat();
            case 'D' -> in.getDouble();
            default -> throw damaged("a value");
        };
    }

    private String text() {
        double length = number(in.get());
        if (!(length >= 0 && length <= in.remaining())) {
            throw damaged("a text that fits the file");
        }
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private byte peek() {
        if (!in.hasRemaining()) {
            throw new BufferUnderflowException();
        }
        return in.get(in.position());
    }

    private void enter() {
        if (++depth > DEEPEST) {
            throw damaged("at most " + DEEPEST + " levels");
        }
    }

    private ModelFailure damaged(String expected) {
        return new ModelFailure("the model file is damaged: expected " + expected + " at byte "
                + Math.max(0, in.position() - 1) + " of " + in.limit());
    }
}
