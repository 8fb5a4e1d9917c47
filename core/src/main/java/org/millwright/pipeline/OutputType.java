package org.millwright.pipeline;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a step hands on. */
public enum OutputType {
    /** A folder of files. */
    DIR(true),
    /** One file. */
    FILE(true),
    /** Rows as one Parquet file. */
    TABLE(true),
    /** A model that the step logged with an MLflow client. */
    MLFLOW_MODEL(false),
    /** Versions of datasets. */
    DATASET(false),
    /** A JSON document. */
    JSON(false),
    /** A version of a registered model. */
    MODEL_VERSION(false),
    /** A release that was asked for. */
    RELEASE(false);

    private final boolean declarable;

    OutputType(boolean declarable) {
        this.declarable = declarable;
    }

    /** Whether the step writes it to a path that it is given. */
    public boolean isPath() {
        return declarable;
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The type that a step of a pipeline file may declare; IllegalArgumentException for any other word. */
    static OutputType declared(String text) {
        return Arrays.stream(values())
                .filter(type ->
                        (type.declarable || type == MLFLOW_MODEL) && type.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text));
    }

    static String declarable() {
        return Arrays.stream(values())
                .filter(type -> type.declarable || type == MLFLOW_MODEL)
                .map(OutputType::text)
                .collect(Collectors.joining(", "));
    }
}
