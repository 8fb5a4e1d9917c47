package org.millwright.web.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.kernel.OnDatabases;
import org.millwright.ledger.Entry;
import org.millwright.tracking.LoggedModel;

/** The current MLflow client for Python against the server, as scripts and pipeline steps use it. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
final class PythonClientTest {
    private static final PythonClient PYTHON = PythonClient.make();
    private static final PythonClient LAST_OF_2 = PythonClient.make("requirements-2.txt");

    private final MlflowServer server;
    private final String token;

    PythonClientTest(OnDatabases.Maker maker) {
        server = new MlflowServer(maker.make(), true, 100_000_000);
        server.tracking.users.add(
                Actor.SYSTEM, "ana", "Ana", Actor.Kind.PERSON, Set.of(Role.DATA_SCIENTIST), "a long password");
        token = server.tracking.users.issueToken(Actor.SYSTEM, "ana", "test", Duration.ofDays(1));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aPlainScriptLogsRegistersAndLoads() {
        assertThat(PYTHON.run("plain_script.py", environment(token))).endsWith("all done\n");
        assertThat(server.tracking.ledger.about("model:plain-model/1"))
                .extracting(Entry::action)
                .startsWith("model.version-registered", "model.alias-set");
        assertThat(server.tracking.ledger.verify().entries()).isPositive();
    }

    @Test
    void autologgingOfThreeLibrariesWorks() {
        assertThat(PYTHON.run("autolog.py", environment(token))).endsWith("all done\n");
    }

    @Test
    void theLastMlflow2Works() {
        assertThat(LAST_OF_2.run("old_client.py", environment(token))).endsWith("all done\n");
    }

    @Test
    void mistakesFailAtOnce() {
        assertThat(PYTHON.run("mistakes.py", environment(token))).endsWith("all done\n");
    }

    @Test
    void aStepContinuesItsRunWithAnOwnToken() {
        var own = server.tracking.run("step");
        var other = server.tracking.run("other");
        var environment = environment(server.tracking.users.issueRunToken(Actor.LOCAL, own.id(), Duration.ofHours(1)));
        environment.put("MLFLOW_RUN_ID", own.id());
        environment.put("MLFLOW_EXPERIMENT_ID", own.experimentId());
        environment.put("OTHER_RUN", other.id());

        assertThat(PYTHON.run("step.py", environment)).endsWith("all done\n");
        LoggedModel model = server.tracking.models.ofRun(Actor.LOCAL, own.id()).getFirst();
        assertThat(model.status()).isEqualTo(LoggedModel.Status.LOGGED_MODEL_READY);
        assertThat(server.tracking.ledger.about("run:" + own.id()))
                .extracting(Entry::action)
                .containsExactly("run.created", "logged-model.created", "logged-model.finished", "run.ended");
    }

    private Map<String, String> environment(String token) {
        return new HashMap<>(Map.of("MLFLOW_TRACKING_URI", server.url(), "MLFLOW_TRACKING_TOKEN", token));
    }
}
