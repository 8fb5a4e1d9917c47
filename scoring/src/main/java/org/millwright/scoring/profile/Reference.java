package org.millwright.scoring.profile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;

/**
 * What a model version saw when it was trained: the profile that production is compared with.
 *
 * @param inputs profile of the training rows' features
 * @param outcomes profile of two columns: {@link #PREDICTION} on the training rows, and the {@link #LABEL}
 * @param baseline mean of the training labels, what a model without skill would always predict; NaN of classes
 * @param from earliest event time of the training rows, in milliseconds since the epoch; 0 when unknown
 * @param to latest event time of the training rows; 0 when unknown
 * @param estimator how performance is estimated where labels are not known, as {@code scoring.performance} writes it
 * @param usage by how much predictions moved, on average and in their own standard deviations, when a column's values were
 *     dealt out anew among held-out rows; empty when unknown
 * @param reconstruction how columns hang together, as {@code scoring.drift} writes it
 * @param contract rules of the data contracts upstream that rows are held against, as {@link ContractChecks} writes them
 */
public record Reference(
        Profile inputs,
        Profile outcomes,
        double baseline,
        long from,
        long to,
        Optional<String> estimator,
        Map<String, Double> usage,
        Optional<String> reconstruction,
        Optional<String> contract) {
    /** The file's name inside a bundle. */
    public static final String FILE = "reference.json";

    public static final String PREDICTION = "prediction";
    public static final String LABEL = "label";

    /** A window's column of predictions; a name that no feature has. */
    public static final String OUTPUT = "→ prediction";

    private static final int FORMAT = 1;
    /** Of any length: the profile of the inputs is one text in it, 65 MB of 10,000 columns, and a signed file. */
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build());

    public Reference {
        usage = Map.copyOf(usage);
    }

    private Reference(Profile inputs, Profile outcomes, double baseline, long from, long to) {
        this(inputs, outcomes, baseline, from, to, Optional.empty(), Map.of(), Optional.empty(), Optional.empty());
    }

    /** The same with what held-out rows told. */
    public Reference with(Optional<String> held, Map<String, Double> used) {
        return new Reference(inputs, outcomes, baseline, from, to, held, used, reconstruction, contract);
    }

    /** The same with how its columns hang together. */
    public Reference reconstructedBy(Optional<String> learned) {
        return new Reference(inputs, outcomes, baseline, from, to, estimator, usage, learned, contract);
    }

    /** The same with the rules that contracts have for its inputs. */
    public Reference with(ContractChecks promised) {
        return new Reference(
                inputs, outcomes, baseline, from, to, estimator, usage, reconstruction, Optional.of(promised.toJson()));
    }

    /**
     * Profiles training rows.
     *
     * @param predictions of the model for these rows, in their order
     * @param labels the true values; NaN where unknown
     * @param from earliest event time in milliseconds since the epoch, 0 when unknown
     * @param to latest event time, 0 when unknown
     */
    public static Reference of(Frame inputs, double[] predictions, double[] labels, long from, long to) {
        Frame outcomes = Frame.of(inputs.rows())
                .doubles(PREDICTION, predictions)
                .doubles(LABEL, labels)
                .build();
        double baseline =
                Arrays.stream(labels).filter(Double::isFinite).average().orElse(Double.NaN);
        return new Reference(Profile.reference(inputs), Profile.reference(outcomes), baseline, from, to);
    }

    /**
     * Profiles training rows of a model that predicts classes.
     *
     * @param predictions of the model for these rows, in their order
     * @param labels the true classes
     */
    public static Reference ofClasses(Frame inputs, Vector predictions, Vector labels, long from, long to) {
        var predicted = new CategoryProfile(PREDICTION);
        predicted.update(predictions);
        var label = new CategoryProfile(LABEL);
        label.update(labels);
        return new Reference(Profile.reference(inputs), new Profile(List.of(predicted, label)), Double.NaN, from, to);
    }

    /**
     * Profiles training rows of a model that answers the probability of a class, and no class.
     *
     * @param predictions of the model for these rows, in their order
     * @param labels the true classes
     */
    public static Reference ofProbabilities(Frame inputs, double[] predictions, Vector labels, long from, long to) {
        Frame answered =
                Frame.of(inputs.rows()).doubles(PREDICTION, predictions).build();
        var label = new CategoryProfile(LABEL);
        label.update(labels);
        List<ColumnProfile> outcomes =
                new ArrayList<>(Profile.reference(answered).columns());
        outcomes.add(label);
        return new Reference(Profile.reference(inputs), new Profile(outcomes), Double.NaN, from, to);
    }

    /** An empty profile of inputs and prediction with this reference's bins: what a window of production fills. */
    public Profile window() {
        List<ColumnProfile> columns = new ArrayList<>(inputs.like().columns());
        columns.add(
                prediction() instanceof NumericProfile numbers
                        ? new NumericProfile(OUTPUT, numbers.edges())
                        : new CategoryProfile(OUTPUT));
        return new Profile(columns);
    }

    /** The profile of the predictions on the training rows. */
    public ColumnProfile prediction() {
        return outcomes.column(PREDICTION).orElseThrow();
    }

    /** The profile of the training labels. */
    public ColumnProfile label() {
        return outcomes.column(LABEL).orElseThrow();
    }

    public String toJson() {
        ObjectNode json =
                JSON.createObjectNode().put("format", FORMAT).put("from", from).put("to", to);
        if (Double.isFinite(baseline)) {
            json.put("baseline", baseline);
        }
        json.put("inputs", inputs.toJson()).put("outcomes", outcomes.toJson());
        estimator.ifPresent(text -> json.put("estimator", text));
        reconstruction.ifPresent(text -> json.put("reconstruction", text));
        contract.ifPresent(text -> json.put("contract", text));
        if (!usage.isEmpty()) {
            ObjectNode used = json.putObject("usage");
            new TreeMap<>(usage).forEach(used::put);
        }
        return json.toString();
    }

    /** Reads what {@link #toJson} wrote; throws IllegalArgumentException for anything else. */
    public static Reference fromJson(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (json.path("format").asInt() != FORMAT) {
                throw new IllegalArgumentException("reference profile of format " + json.path("format")
                        + ": this version reads format " + FORMAT + "; take a newer Millwright");
            }
            Map<String, Double> usage = new TreeMap<>();
            json.path("usage")
                    .properties()
                    .forEach(field -> usage.put(field.getKey(), field.getValue().asDouble()));
            return new Reference(
                    Profile.fromJson(json.path("inputs").asText()),
                    Profile.fromJson(json.path("outcomes").asText()),
                    json.path("baseline").asDouble(Double.NaN),
                    json.path("from").asLong(),
                    json.path("to").asLong(),
                    Optional.of(json.path("estimator").asText()).filter(held -> !held.isEmpty()),
                    usage,
                    Optional.of(json.path("reconstruction").asText()).filter(learned -> !learned.isEmpty()),
                    Optional.of(json.path("contract").asText()).filter(rules -> !rules.isEmpty()));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a reference profile: " + e.getOriginalMessage(), e);
        }
    }
}
