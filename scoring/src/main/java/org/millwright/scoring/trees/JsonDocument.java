package org.millwright.scoring.trees;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.ModelFailure;

/** Reads JSON text into a {@link Document}. */
final class JsonDocument {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private JsonDocument() {}

    static Document read(byte[] file) {
        try (JsonParser parser = FACTORY.createParser(file)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new ModelFailure("the model file is damaged: it is not a JSON object");
            }
            Map<String, @Nullable Object> values = object(parser);
            if (parser.nextToken() != null) {
                throw new ModelFailure("the model file is damaged: something follows the JSON object");
            }
            return new Document("", values);
        } catch (IOException e) {
            String reason = e.getMessage() == null ? "no JSON" : e.getMessage().split("\n", 2)[0];
            throw new ModelFailure("the model file is damaged: " + reason, e);
        }
    }

    /** An array of numbers, or one of other values. */
    static Object array(String json) {
        try (JsonParser parser = FACTORY.createParser(json)) {
            return parser.nextToken() == JsonToken.START_ARRAY ? array(parser) : List.of();
        } catch (IOException e) {
            throw new ModelFailure("the model file is damaged: a list in it is no JSON", e);
        }
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> values = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            values.put(name, value(parser));
        }
        return values;
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            default -> null;
        };
    }

    private static Object array(JsonParser parser) throws IOException {
        double[] numbers = new double[16];
        int size = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == null || !parser.currentToken().isNumeric()) {
                return mixed(parser, Arrays.copyOf(numbers, size));
            }
            numbers = size == numbers.length ? Arrays.copyOf(numbers, size * 2) : numbers;
            numbers[size++] = parser.getDoubleValue();
        }
        return Arrays.copyOf(numbers, size);
    }

    /** The rest of an array that holds other values too, and the numbers before. */
    private static Object mixed(JsonParser parser, double[] numbers) throws IOException {
        List<@Nullable Object> values = new ArrayList<>();
        for (double number : numbers) {
            values.add(number);
        }
        do {
            values.add(value(parser));
        } while (parser.nextToken() != JsonToken.END_ARRAY && parser.currentToken() != null);
        return values;
    }
}
