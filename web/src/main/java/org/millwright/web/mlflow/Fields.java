package org.millwright.web.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.tracking.Names;

/**
 * The fields of one message, read as protocol buffers read JSON: null is absent, numbers may be strings, unknown fields do
 * not matter.
 */
record Fields(ObjectNode node, String path) {
    private static final String HELP = " See the API docs for more information about request parameters.";

    Optional<JsonNode> get(String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    Optional<String> text(String name) {
        return get(name).map(value -> {
            if (!value.isTextual()) {
                throw wrongType(name, value);
            }
            return Names.requireText(path + name, value.asText());
        });
    }

    /** A string that must be there and not be empty. */
    String need(String name) {
        return text(name).filter(text -> !text.isEmpty()).orElseThrow(() -> missing(name));
    }

    /** The run, under its name or its old one. */
    String runId() {
        return text("run_id")
                .or(() -> text("run_uuid"))
                .filter(id -> !id.isEmpty())
                .orElseThrow(() -> missing("run_id"));
    }

    Optional<Long> whole(String name) {
        return get(name).map(value -> {
            if (value.isIntegralNumber() && value.canConvertToLong()) {
                return value.asLong();
            }
            if (value.isFloatingPointNumber()
                    && value.asDouble() == Math.rint(value.asDouble())
                    && Math.abs(value.asDouble()) < 9e15) {
                return (long) value.asDouble();
            }
            if (value.isTextual()) {
                try {
                    return Long.parseLong(value.asText().strip());
                } catch (NumberFormatException e) {
                    throw wrongType(name, value);
                }
            }
            throw wrongType(name, value);
        });
    }

    /** A whole number that fits an int; larger ones count as the largest. */
    Optional<Integer> count(String name) {
        return whole(name).map(value -> (int) Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    Optional<Double> number(String name) {
        return get(name).map(value -> {
            if (value.isNumber()) {
                return value.asDouble();
            }
            if (value.isTextual()) {
                return switch (value.asText()) {
                    case "NaN" -> Double.NaN;
                    case "Infinity", "inf" -> Double.POSITIVE_INFINITY;
                    case "-Infinity", "-inf" -> Double.NEGATIVE_INFINITY;
                    default -> parsed(name, value);
                };
            }
            throw wrongType(name, value);
        });
    }

    private double parsed(String name, JsonNode value) {
        try {
            return Double.parseDouble(value.asText());
        } catch (NumberFormatException e) {
            throw wrongType(name, value);
        }
    }

    boolean flag(String name, boolean fallback) {
        return get(name)
                .map(value -> {
                    String text = value.asText().toLowerCase(Locale.ROOT);
                    if (!text.equals("true") && !text.equals("false")) {
                        throw wrongType(name, value);
                    }
                    return text.equals("true");
                })
                .orElse(fallback);
    }

    /** The name or number of an enum's value. */
    Optional<String> word(String name) {
        return get(name).map(value -> {
            if (!value.isTextual() && !value.isIntegralNumber()) {
                throw wrongType(name, value);
            }
            return value.asText();
        });
    }

    List<String> texts(String name) {
        var all = new ArrayList<String>();
        for (JsonNode item : list(name)) {
            if (!item.isTextual()) {
                throw wrongType(name, node.get(name));
            }
            all.add(Names.requireText(path + name, item.asText()));
        }
        return all;
    }

    /** The items of a list of messages. */
    List<Fields> all(String name) {
        var all = new ArrayList<Fields>();
        for (JsonNode item : list(name)) {
            if (!(item instanceof ObjectNode object)) {
                throw wrongType(name, node.get(name));
            }
            all.add(new Fields(object, path + name + "[" + all.size() + "]."));
        }
        return all;
    }

    Optional<Fields> message(String name) {
        return get(name).map(value -> {
            if (!(value instanceof ObjectNode object)) {
                throw wrongType(name, value);
            }
            return new Fields(object, path + name + ".");
        });
    }

    /** A list of {key, value}; later ones win. */
    Map<String, String> pairs(String name) {
        var pairs = new LinkedHashMap<String, String>();
        for (Fields pair : all(name)) {
            pairs.put(pair.need("key"), pair.text("value").orElse(""));
        }
        return pairs;
    }

    private Iterable<JsonNode> list(String name) {
        JsonNode value = get(name).orElseGet(Json::array);
        if (!(value instanceof ArrayNode)) {
            throw wrongType(name, value);
        }
        return value;
    }

    Problem.Invalid missing(String name) {
        return new Problem.Invalid("Missing value for required parameter '" + path + name + "'." + HELP);
    }

    private Problem.Invalid wrongType(String name, JsonNode value) {
        String type = switch (value.getNodeType()) {
            case STRING -> "str";
            case BOOLEAN -> "bool";
            case NUMBER -> value.isIntegralNumber() ? "int" : "float";
            case ARRAY -> "list";
            default -> "dict";
        };
        return new Problem.Invalid("Invalid value " + Names.shortened(value.toString()) + " for parameter '" + path
                + name + "' supplied:  Hint: Value was of type '" + type + "'." + HELP);
    }
}
