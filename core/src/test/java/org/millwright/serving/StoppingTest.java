package org.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millwright.factory.Outbox;
import org.millwright.factory.Stopping;
import org.millwright.identity.Actor;
import org.millwright.kernel.Json;

/** From an alert about what an agreement says is bad enough to stop, to a version that no longer answers. */
class StoppingTest extends ServingLine {
    private void raise(String clause, String version) throws InterruptedException {
        try (var outbox = new Outbox(database, ledger)) {
            new Stopping(deployments).register(outbox);
            outbox.start();
            database.write(() -> ledger.append(
                    Actor.SYSTEM,
                    "alert.raised",
                    List.of("alert:a1", "deployment:delays"),
                    Json.object()
                            .put("clause", clause)
                            .put("version", version)
                            .put("message", "delays/2 in 2026-01: skill -0.3, agreed at least -0.1")));
            assertThat(outbox.awaitIdle(Duration.ofSeconds(30))).isTrue();
        }
    }

    @Test
    void theVersionInProductionStopsAsTheProjectDeclared() throws InterruptedException {
        begin("{strategy: canary, traffic: 100, min-requests: 1}");
        send("tried", 1);
        assertThat(deployments.get("delays").production()).contains("2");
        raise("performance", "2");
        raise("stop:skill", "1");
        assertThat(deployments.get("delays").production()).contains("2");
        raise("stop:skill", "2");
        assertThat(deployments.get("delays").production()).contains("1");
        assertThat(deployments.version("delays", "2").reason())
                .isEqualTo("agreed: delays/2 in 2026-01: skill -0.3, agreed at least -0.1");
    }
}
