package org.millwright.pipeline.steps;

import static org.millwright.pipeline.StepKind.need;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.dataset.DatasetVersion;
import org.millwright.dataset.Datasets;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.OutputType;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.StepKind;
import org.millwright.pipeline.StepRunner;

/** Steps of kind {@code snapshot}: fix which dataset versions a run uses; one output a dataset. */
public final class SnapshotStep implements StepRunner {
    private static final StepKind KIND =
            new StepKind("snapshot", 1, List.of(need("datasets", StepKind.Form.DATA)), Map.of(), false, false);

    private final Datasets datasets;

    public SnapshotStep(Datasets datasets) {
        this.datasets = datasets;
    }

    @Override
    public StepKind kind() {
        return KIND;
    }

    @Override
    public void check(Yaml.Value entry) {
        entry.get("datasets").ifPresent(map -> map.fields().values().forEach(value -> value.only("from", "through")));
    }

    @Override
    public Map<String, OutputType> outputs(Yaml.Value entry) {
        var outputs = new LinkedHashMap<String, OutputType>();
        entry.get("datasets")
                .filter(Yaml.Value::isMap)
                .ifPresent(map -> map.fields().keySet().forEach(name -> outputs.put(name, OutputType.DATASET)));
        return outputs;
    }

    @Override
    public Result run(StepContext context) {
        var outputs = new ArrayList<Output>();
        var words = new ArrayList<String>();
        context.settings().path("datasets").properties().forEach(field -> {
            List<DatasetVersion> versions = select(field.getKey(), field.getValue());
            outputs.add(DatasetOutput.of(field.getKey(), field.getKey(), versions));
            versions.forEach(version -> context.log().say(version.ref() + " " + version.rows() + " rows"));
            words.add(field.getKey() + " " + versions.size());
        });
        return new Result(outputs, "versions: " + String.join(", ", words));
    }

    private List<DatasetVersion> select(String dataset, JsonNode range) {
        Optional<String> from = text(range, "from");
        Optional<String> through = text(range, "through");
        List<DatasetVersion> versions = datasets.select(dataset, from, through);
        if (versions.isEmpty()) {
            throw new Problem.Invalid(
                    "No accepted version of dataset " + dataset
                            + from.map(text -> " from " + text).orElse("")
                            + through.map(text -> " through " + text).orElse(""),
                    "Acquire it first: mw data list.");
        }
        through.filter(text -> text.matches("\\d{4}-\\d{2}"))
                .filter(text -> versions.getLast().period().matches("\\d{4}-\\d{2}"))
                .filter(text -> !versions.getLast().period().equals(text))
                .ifPresent(text -> {
                    throw new Problem.Invalid(
                            "Dataset " + dataset + " ends with "
                                    + versions.getLast().period() + ", before " + text,
                            "Acquire the months up to " + text + " first.");
                });
        return versions;
    }

    private static Optional<String> text(JsonNode node, String key) {
        return Optional.of(node.path(key).asText("")).filter(text -> !text.isEmpty());
    }
}
