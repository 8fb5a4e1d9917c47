package org.millwright.pipeline;

import java.util.ArrayList;
import java.util.List;

/** The asset references of what a step read and made, for lineage. */
final class Assets {
    private Assets() {}

    static List<String> read(StepContext context) {
        var refs = new ArrayList<String>();
        refs.add("source:" + context.source().id());
        context.inputs().values().forEach(output -> refs.addAll(of(output)));
        if (context.step().inputs().isEmpty()) {
            context.step().needs().stream()
                    .map(context.upstream()::get)
                    .filter(java.util.Objects::nonNull)
                    .forEach(outputs -> outputs.values().forEach(output -> refs.addAll(of(output))));
        }
        return refs.stream().distinct().toList();
    }

    static List<String> made(List<Output> outputs) {
        return outputs.stream()
                .flatMap(output -> of(output).stream())
                .distinct()
                .toList();
    }

    /** The model versions that scored what was made: a batch of predictions came from one. */
    static List<String> scored(List<Output> outputs) {
        return outputs.stream()
                .filter(output -> output.type() == OutputType.TABLE
                        && output.info().hasNonNull("model")
                        && output.info().hasNonNull("version"))
                .map(output -> "model:" + output.info().path("model").asText() + "/"
                        + output.info().path("version").asText())
                .distinct()
                .toList();
    }

    private static List<String> of(Output output) {
        return switch (output.type()) {
            case DATASET -> {
                var refs = new ArrayList<String>();
                output.info()
                        .path("versions")
                        .forEach(version -> refs.add(version.path("ref").asText()));
                yield refs;
            }
            case MLFLOW_MODEL ->
                List.of("logged-model:" + output.info().path("model").asText());
            case MODEL_VERSION ->
                List.of("model:" + output.info().path("model").asText() + "/"
                        + output.info().path("version").asText());
            case RELEASE -> List.of("release:" + output.info().path("id").asText());
            case DIR, FILE, TABLE, JSON -> List.of("artifact:" + output.digest());
        };
    }
}
