package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.millwright.kernel.Json;
import org.millwright.scoring.Python;

/** What strangers' tools say of an unpacked pack. */
final class Strangers {
    private Strangers() {}

    /** Go's verifier of logs and the signing tool of models accept what is in the folder, and both speak of the same model. */
    static void convinces(Path here) throws Exception {
        assertThat(GoVerifier.run(here.resolve("ledger")).out()).startsWith("ok: 1 checkpoints, 0 consistency proofs,");
        assertThat(modelSigning(here).output()).contains("Verification succeeded");

        JsonNode index = Json.parse(Files.readString(here.resolve("index.json")));
        String entry = Files.readString(here.resolve("ledger/pack")).strip();
        JsonNode noted = Json.parse(Files.readString(here.resolve("ledger/entries/" + entry + ".json")));
        assertThat(noted.path("action").asText()).isEqualTo("evidence.exported");
        assertThat(noted.at("/details/index").asText())
                .isEqualTo(Json.sha256(Files.readAllBytes(here.resolve("index.json"))));
        JsonNode approval = approval(here);
        assertThat(approval.at("/details/digests/bundle").asText())
                .isEqualTo(index.at("/model/root").asText());
        assertThat(Json.parse(Files.readString(here.resolve("people.json")))
                        .path(approval.path("actor").asText())
                        .asText())
                .isEqualTo("ben");
    }

    static Python.Result modelSigning(Path here) throws IOException {
        Python tool = Python.with("model-signing-1.1.1", "model-signing==1.1.1", "pyopenssl==25.3.0");
        return tool.script(
                "model_signing",
                "verify",
                "key",
                "--public_key",
                here.resolve("keys/model-signing.pem").toString(),
                "--signature",
                here.resolve("model/model.sig").toString(),
                here.resolve("model").toString());
    }

    private static JsonNode approval(Path here) throws IOException {
        try (var files = Files.list(here.resolve("ledger/entries"))) {
            for (Path file :
                    files.filter(found -> found.toString().endsWith(".json")).toList()) {
                JsonNode entry = Json.parse(Files.readString(file));
                if (entry.path("action").asText().equals("approval.approved")) {
                    return entry;
                }
            }
        }
        throw new AssertionError("no approval");
    }
}
