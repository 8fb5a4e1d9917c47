package org.millwright.pipeline;

import java.util.List;
import java.util.Map;

/**
 * What a kind of step is called, which keys its entry in {@code pipeline.yaml} may have, and what it gives.
 *
 * @param version raised when the same inputs would give something else; part of the cache key
 * @param outputs those that every step of the kind has; more may be declared if there is a key of form OUTPUTS
 * @param cacheable whether a step may take the outputs of an earlier one that was keyed the same
 * @param environment whether the project's Python environment is part of what the step does
 */
public record StepKind(
        String name,
        int version,
        List<Key> keys,
        Map<String, OutputType> outputs,
        boolean cacheable,
        boolean environment) {

    public StepKind {
        keys = List.copyOf(keys);
        outputs = Map.copyOf(outputs);
    }

    /** One key of a step's entry. */
    public record Key(String name, Form form, boolean required) {}

    /** What a key's value looks like. */
    public enum Form {
        /** One text. */
        TEXT,
        /** A file of the project. */
        FILE,
        /** Arguments, the first of which is a file of the project; never a shell line. */
        ARGUMENTS,
        /** Patterns of the project's files that the step's code consists of. */
        CODE,
        /** An output of another step: {@code step.output}. */
        REFERENCE,
        /** Outputs of other steps by input name. */
        INPUTS,
        /** Types of outputs by their name. */
        OUTPUTS,
        /** Values that the step's code sees by name, beside the pipeline's parameters that its arguments name. */
        PARAMETERS,
        /** Anything, checked by the kind's runner. */
        DATA
    }

    public static Key need(String name, Form form) {
        return new Key(name, form, true);
    }

    public static Key may(String name, Form form) {
        return new Key(name, form, false);
    }

    boolean has(Form form) {
        return keys.stream().anyMatch(key -> key.form() == form);
    }
}
