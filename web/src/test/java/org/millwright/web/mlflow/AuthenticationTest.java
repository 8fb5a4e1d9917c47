package org.millwright.web.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.kernel.OnDatabases;

final class AuthenticationTest {
    @Test
    void nobodyGetsAnythingWithoutCredentials() {
        try (var server = new MlflowServer(OnDatabases.sqlite(), true, 1_000)) {
            for (String endpoint : server.routes.table()) {
                String[] parts = endpoint.split(" ");
                String path = parts[1].replace("{id}", "m-1").replace("{key}", "k");
                var answer = server.call(parts[0], "/ajax-api/2.0/mlflow/" + path, Optional.of("{}".getBytes()), "");
                assertThat(answer.status()).as(endpoint).isEqualTo(401);
                assertThat(answer.message()).startsWith("You are not authenticated.");
                assertThat(answer.code()).isEqualTo("UNAUTHENTICATED");
            }
            for (String path : new String[] {
                "/api/2.0/mlflow-artifacts/artifacts/x", "/api/2.0/mlflow-artifacts/mpu/create/x", "/get-artifact",
                "/model-versions/get-artifact", "/api/3.0/mlflow/server-info", "/api/2.0/mlflow/upload-artifact"
            }) {
                for (String method : new String[] {"GET", "PUT", "POST", "DELETE"}) {
                    assertThat(server.call(method, path, Optional.empty(), "").status())
                            .isEqualTo(401);
                }
            }
        }
    }

    @Test
    void readersMayNotWrite() {
        try (var server = new MlflowServer(OnDatabases.sqlite(), true, 1_000)) {
            server.tracking.users.add(
                    Actor.SYSTEM, "eve", "Eve", Actor.Kind.PERSON, Set.of(Role.AUDITOR), "a long password");
            String token = server.tracking.users.issueToken(Actor.SYSTEM, "eve", "test", java.time.Duration.ofHours(1));
            assertThat(server.call("POST", "/api/2.0/mlflow/runs/create", body("{\"experiment_id\":\"0\"}"), token)
                            .code())
                    .isEqualTo("PERMISSION_DENIED");
            assertThat(server.call("POST", "/api/2.0/mlflow/registered-models/create", body("{\"name\":\"m\"}"), token)
                            .status())
                    .isEqualTo(403);
            assertThat(server.call("PUT", "/api/2.0/mlflow-artifacts/artifacts/x", body("x"), token)
                            .status())
                    .isEqualTo(403);
            assertThat(server.call("POST", "/api/2.0/mlflow/runs/search", body("{}"), token)
                            .status())
                    .isEqualTo(200);
        }
    }

    private static Optional<byte[]> body(String text) {
        return Optional.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
