package org.millwright.app.cli;

import org.millwright.kernel.Problem;

/**
 * A model version or dataset as somebody types it.
 *
 * @param version "" for the newest of a model
 */
record AssetPath(boolean model, String name, String version) {
    private static final String MODEL = "model:";
    private static final String DATASET = "dataset:";

    static AssetPath of(String ref) {
        if (ref.startsWith(DATASET) && ref.length() > DATASET.length()) {
            return new AssetPath(false, ref.substring(DATASET.length()), "");
        }
        String bare = ref.startsWith(MODEL) ? ref.substring(MODEL.length()) : ref;
        int slash = bare.lastIndexOf('/');
        String name = slash < 0 ? bare : bare.substring(0, slash);
        if (name.isEmpty() || ref.contains(":") && !ref.startsWith(MODEL)) {
            throw new Problem.Invalid("'" + ref + "' is no model or dataset (expected: model:NAME, model:NAME/VERSION"
                    + " or dataset:NAME)");
        }
        return new AssetPath(true, name, slash < 0 ? "" : bare.substring(slash + 1));
    }

    /** With the number of the newest version where none was typed. */
    AssetPath resolved(Client client) {
        if (!model || !version.isEmpty()) {
            return this;
        }
        String newest =
                client.get("/api/1/models/" + Client.part(name)).path("latest").asText();
        if (newest.isEmpty()) {
            throw new Problem.NotFound("Model " + name + " has no version", "mw model show " + name);
        }
        return new AssetPath(true, name, newest);
    }

    /** Below {@code /api/1/cards} or {@code /api/1/evidence}. */
    String path() {
        if (!model) {
            return "/datasets/" + Client.part(name);
        }
        return "/models/" + Client.part(name) + "/versions/" + Client.part(version);
    }
}
