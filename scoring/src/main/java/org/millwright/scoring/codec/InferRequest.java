package org.millwright.scoring.codec;

import java.util.Map;

/**
 * A decoded request to infer: its rows, and how it wants the answer.
 *
 * @param binary for each output that the request says it of, whether it wants binary data
 * @param binaryOtherwise whether it wants the other outputs as binary data
 */
public record InferRequest(ScoringRequest rows, Map<String, Boolean> binary, boolean binaryOtherwise) {
    public InferRequest {
        binary = Map.copyOf(binary);
    }

    boolean isBinary(String output) {
        return binary.getOrDefault(output, binaryOtherwise);
    }

    boolean asksForBinary() {
        return binaryOtherwise || binary.containsValue(true);
    }

    /** Whether the output is part of the answer. */
    public boolean wants(String output) {
        return rows.outputs().isEmpty() || rows.outputs().contains(output);
    }
}
