package org.millwright.app.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.millwright.kernel.Yaml;

/** {@code simulation.yaml}: what the options of {@code mw simulate} say, in a file. What is not in it is empty. */
public record PlanFile(
        Optional<String> data,
        Optional<String> from,
        Optional<String> to,
        Optional<String> history,
        Optional<String> labelDelay,
        Optional<String> step,
        Optional<Integer> rows,
        Optional<Integer> seed,
        List<String> faults,
        Map<String, String> trainingData,
        Plan.Pipelines pipelines) {
    private static final String KIND = "Simulation";

    /** A simulation without a file. */
    public static final PlanFile NONE = new PlanFile(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Map.of(),
            Plan.Pipelines.USUAL);

    /** Reads a file, all its mistakes at once. */
    public static PlanFile parse(String file, String text) {
        Yaml.Value root = Yaml.parse(file, text);
        root.only(
                "apiVersion",
                "kind",
                "data",
                "from",
                "to",
                "history",
                "label-delay",
                "step",
                "rows",
                "seed",
                "faults",
                "training-data",
                "pipelines");
        root.get("kind").filter(kind -> !kind.asText().equals(KIND)).ifPresent(kind -> kind.error("expected " + KIND));
        Function<String, Optional<String>> text1 = key -> root.get(key).map(Yaml.Value::asText);
        var trainingData = new LinkedHashMap<String, String>();
        root.get("training-data")
                .ifPresent(map -> map.fields().forEach((key, value) -> trainingData.put(key, value.asText())));
        Optional<Yaml.Value> named = root.get("pipelines").map(map -> map.only("acquire", "train", "replay"));
        Function<String, String> pipeline =
                key -> named.map(map -> map.text(key, key)).orElse(key);
        var read = new PlanFile(
                text1.apply("data"),
                text1.apply("from"),
                text1.apply("to"),
                text1.apply("history"),
                text1.apply("label-delay"),
                text1.apply("step"),
                root.get("rows").map(value -> root.integer("rows", 0)),
                root.get("seed").map(value -> root.integer("seed", 0)),
                root.texts("faults"),
                trainingData,
                new Plan.Pipelines(pipeline.apply("acquire"), pipeline.apply("train"), pipeline.apply("replay")));
        root.finish();
        return read;
    }
}
