package org.millwright.serving;

import static org.millwright.schema.Tables.DEPLOYMENT;
import static org.millwright.schema.Tables.DEPLOYMENT_VERSION;

import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** Deployments and their versions in the database. */
final class DeploymentStore {
    private final Database database;

    DeploymentStore(Database database) {
        this.database = database;
    }

    void save(Deployment deployment) {
        String rollout = RolloutJson.write(deployment.rollout()).orElse(null);
        String halt = deployment.halt().map(Json::write).orElse(null);
        database.dsl()
                .insertInto(DEPLOYMENT)
                .set(DEPLOYMENT.NAME, deployment.name())
                .set(DEPLOYMENT.PROJECT, deployment.project())
                .set(DEPLOYMENT.MODEL, deployment.model())
                .set(DEPLOYMENT.PRODUCTION, deployment.production().orElse(null))
                .set(DEPLOYMENT.PREVIOUS, deployment.previous().orElse(null))
                .set(DEPLOYMENT.CANDIDATE, deployment.candidate().orElse(null))
                .set(DEPLOYMENT.ROLLOUT, rollout)
                .set(DEPLOYMENT.HALT, halt)
                .set(DEPLOYMENT.CREATED_AT, deployment.createdAt())
                .set(DEPLOYMENT.CHANGED_AT, deployment.changedAt())
                .onConflict(DEPLOYMENT.NAME)
                .doUpdate()
                .set(DEPLOYMENT.PRODUCTION, deployment.production().orElse(null))
                .set(DEPLOYMENT.PREVIOUS, deployment.previous().orElse(null))
                .set(DEPLOYMENT.CANDIDATE, deployment.candidate().orElse(null))
                .set(DEPLOYMENT.ROLLOUT, rollout)
                .set(DEPLOYMENT.HALT, halt)
                .set(DEPLOYMENT.CHANGED_AT, deployment.changedAt())
                .execute();
    }

    void save(DeployedVersion version) {
        database.dsl()
                .insertInto(DEPLOYMENT_VERSION)
                .set(DEPLOYMENT_VERSION.DEPLOYMENT, version.deployment())
                .set(DEPLOYMENT_VERSION.VERSION, version.version())
                .set(DEPLOYMENT_VERSION.BUNDLE, version.bundle())
                .set(DEPLOYMENT_VERSION.DIGEST, version.digest())
                .set(DEPLOYMENT_VERSION.STAGE, version.stage().name())
                .set(DEPLOYMENT_VERSION.REASON, version.reason())
                .set(DEPLOYMENT_VERSION.SMOKE_ROWS, version.smokeRows())
                .set(DEPLOYMENT_VERSION.SMOKE_LARGEST, version.smokeLargest())
                .set(DEPLOYMENT_VERSION.DEPLOYED_BY, version.deployedBy())
                .set(DEPLOYMENT_VERSION.DEPLOYED_AT, version.deployedAt())
                .set(DEPLOYMENT_VERSION.CHANGED_AT, version.changedAt())
                .onConflict(DEPLOYMENT_VERSION.DEPLOYMENT, DEPLOYMENT_VERSION.VERSION)
                .doUpdate()
                .set(DEPLOYMENT_VERSION.BUNDLE, version.bundle())
                .set(DEPLOYMENT_VERSION.DIGEST, version.digest())
                .set(DEPLOYMENT_VERSION.STAGE, version.stage().name())
                .set(DEPLOYMENT_VERSION.REASON, version.reason())
                .set(DEPLOYMENT_VERSION.SMOKE_ROWS, version.smokeRows())
                .set(DEPLOYMENT_VERSION.SMOKE_LARGEST, version.smokeLargest())
                .set(DEPLOYMENT_VERSION.DEPLOYED_BY, version.deployedBy())
                .set(DEPLOYMENT_VERSION.DEPLOYED_AT, version.deployedAt())
                .set(DEPLOYMENT_VERSION.CHANGED_AT, version.changedAt())
                .execute();
    }

    Optional<Deployment> find(String name) {
        return database.dsl()
                .selectFrom(DEPLOYMENT)
                .where(DEPLOYMENT.NAME.eq(name))
                .fetchOptional(DeploymentStore::deployment);
    }

    List<Deployment> all() {
        return database.dsl().selectFrom(DEPLOYMENT).orderBy(DEPLOYMENT.NAME).fetch(DeploymentStore::deployment);
    }

    Optional<DeployedVersion> version(String deployment, String version) {
        return database.dsl()
                .selectFrom(DEPLOYMENT_VERSION)
                .where(DEPLOYMENT_VERSION.DEPLOYMENT.eq(deployment).and(DEPLOYMENT_VERSION.VERSION.eq(version)))
                .fetchOptional(DeploymentStore::version);
    }

    /** @throws Problem.NotFound when it was never deployed there */
    DeployedVersion require(String deployment, String version) {
        return version(deployment, version)
                .orElseThrow(() -> new Problem.NotFound(
                        "Version " + version + " was never deployed at " + deployment,
                        "mw deployment show " + deployment));
    }

    List<DeployedVersion> versions(String deployment) {
        return database.dsl()
                .selectFrom(DEPLOYMENT_VERSION)
                .where(DEPLOYMENT_VERSION.DEPLOYMENT.eq(deployment))
                .orderBy(DEPLOYMENT_VERSION.DEPLOYED_AT.desc(), DEPLOYMENT_VERSION.VERSION.desc())
                .fetch(DeploymentStore::version);
    }

    private static Deployment deployment(Record row) {
        String candidate = row.get(DEPLOYMENT.CANDIDATE);
        String written = row.get(DEPLOYMENT.ROLLOUT);
        Rollout rollout =
                candidate == null || written == null ? new Rollout.None() : RolloutJson.read(candidate, written);
        return new Deployment(
                row.get(DEPLOYMENT.NAME),
                row.get(DEPLOYMENT.PROJECT),
                row.get(DEPLOYMENT.MODEL),
                Optional.ofNullable(row.get(DEPLOYMENT.PRODUCTION)),
                Optional.ofNullable(row.get(DEPLOYMENT.PREVIOUS)),
                rollout,
                Optional.ofNullable(row.get(DEPLOYMENT.HALT)).map(text -> Json.read(text, Halt.class)),
                row.get(DEPLOYMENT.CREATED_AT),
                row.get(DEPLOYMENT.CHANGED_AT));
    }

    private static DeployedVersion version(Record row) {
        return new DeployedVersion(
                row.get(DEPLOYMENT_VERSION.DEPLOYMENT),
                row.get(DEPLOYMENT_VERSION.VERSION),
                row.get(DEPLOYMENT_VERSION.BUNDLE),
                row.get(DEPLOYMENT_VERSION.DIGEST),
                DeployedVersion.Stage.valueOf(row.get(DEPLOYMENT_VERSION.STAGE)),
                row.get(DEPLOYMENT_VERSION.REASON),
                row.get(DEPLOYMENT_VERSION.SMOKE_ROWS),
                row.get(DEPLOYMENT_VERSION.SMOKE_LARGEST),
                row.get(DEPLOYMENT_VERSION.DEPLOYED_BY),
                row.get(DEPLOYMENT_VERSION.DEPLOYED_AT),
                row.get(DEPLOYMENT_VERSION.CHANGED_AT));
    }
}
