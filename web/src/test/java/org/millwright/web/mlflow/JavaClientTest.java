package org.millwright.web.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.kernel.OnDatabases;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/** MLflow's client for Java against the server. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
final class JavaClientTest {
    private final MlflowServer server;
    private final MlflowClient client;

    JavaClientTest(OnDatabases.Maker maker) {
        server = new MlflowServer(maker.make(), true, 1_000_000);
        server.tracking.users.add(
                Actor.SYSTEM, "ana", "Ana", Actor.Kind.PERSON, Set.of(Role.DATA_SCIENTIST), "a long password");
        String token = server.tracking.users.issueToken(Actor.SYSTEM, "ana", "test", Duration.ofDays(1));
        client = new MlflowClient(new BasicMlflowHostCreds(server.url(), token));
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void runsAreLoggedAndFound() {
        String experiment = client.createExperiment("java");
        RunInfo info = client.createRun(experiment);
        String run = info.getRunId();
        client.logParam(run, "depth", "3");
        client.logMetric(run, "loss", 0.5, 1_000, 1);
        client.logMetric(run, "loss", 0.25, 2_000, 2);
        client.logMetric(run, "odd", Double.NaN);
        client.setTag(run, "team", "delays");
        client.logBatch(
                run,
                List.of(Metric.newBuilder()
                        .setKey("acc")
                        .setValue(0.9)
                        .setTimestamp(3)
                        .setStep(-1)
                        .build()),
                List.of(Param.newBuilder().setKey("note").setValue("größe 🙂").build()),
                List.of(RunTag.newBuilder().setKey("t").setValue("v").build()));
        client.setTerminated(run, RunStatus.FINISHED, 5_000);

        Run found = client.getRun(run);
        assertThat(found.getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
        assertThat(found.getInfo().getEndTime()).isEqualTo(5_000);
        assertThat(found.getData().getMetricsList())
                .filteredOn(metric -> metric.getKey().equals("loss"))
                .extracting(Metric::getValue)
                .containsExactly(0.25);
        assertThat(found.getData().getParamsList()).extracting(Param::getValue).contains("3", "größe 🙂");
        assertThat(client.getMetricHistory(run, "loss"))
                .extracting(Metric::getStep)
                .containsExactly(1L, 2L);
        assertThat(client.searchRuns(List.of(experiment), "metrics.loss < 0.3 and params.depth = '3'"))
                .extracting(RunInfo::getRunId)
                .containsExactly(run);
        var page = client.searchRuns(List.of(experiment), "", ViewType.ALL, 1, List.of("metrics.loss DESC"));
        assertThat(page.getItems()).hasSize(1);
        client.deleteRun(run);
        assertThat(client.getRun(run).getInfo().getLifecycleStage()).isEqualTo("deleted");
        client.restoreRun(run);
        assertThatThrownBy(() -> client.logParam(run, "depth", "4"))
                .isInstanceOf(MlflowHttpException.class)
                .hasMessageContaining("400");
    }

    @Test
    void experimentsAndTheRegistryAreThere() {
        String id = client.createExperiment("java");
        client.setExperimentTag(id, "k", "v");
        client.renameExperiment(id, "renamed");
        assertThat(client.getExperimentByName("renamed").map(Experiment::getExperimentId))
                .contains(id);
        assertThat(client.getExperimentByName("java")).isEmpty();
        assertThat(client.searchExperiments().getItems())
                .extracting(Experiment::getName)
                .contains("renamed", "Default");
        client.deleteExperiment(id);
        client.restoreExperiment(id);

        client.sendPost("registered-models/create", "{\"name\":\"m\"}");
        client.sendPost("model-versions/create", "{\"name\":\"m\",\"source\":\"s3://bucket/key\"}");
        client.sendPost(
                "model-versions/transition-stage", "{\"name\":\"m\",\"version\":\"1\",\"stage\":\"Production\"}");
        assertThat(client.getLatestVersions("m", List.of("Production")))
                .extracting(ModelVersion::getVersion)
                .containsExactly("1");
        assertThat(client.getModelVersion("m", "1").getStatus())
                .isEqualTo(org.mlflow.api.proto.ModelRegistry.ModelVersionStatus.READY);
        assertThat(client.getModelVersionDownloadUri("m", "1")).isEqualTo("s3://bucket/key");
        assertThat(client.getRegisteredModel("m").getLatestVersionsList()).hasSize(1);
        assertThat(client.searchModelVersions("name='m'").getItems()).hasSize(1);
    }
}
