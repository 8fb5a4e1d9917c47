package org.millwright.web.oip;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.millwright.artifact.Artifacts;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.OnDatabases;
import org.millwright.ledger.TestLedger;
import org.millwright.project.OnStop;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.codec.ScoringRequest;
import org.millwright.scoring.signing.SigningKey;
import org.millwright.serving.Admission;
import org.millwright.serving.Bundles;
import org.millwright.serving.Deployments;
import org.millwright.serving.Examples;
import org.millwright.serving.ModelLoader;
import org.millwright.serving.RolloutJudge;
import org.millwright.serving.Scored;
import org.millwright.serving.Scorer;
import org.millwright.serving.Target;
import org.millwright.serving.Terms;
import org.millwright.serving.TestBundles;
import org.millwright.web.WebServer;
import org.millwright.web.WebSettings;
import org.millwright.web.api.DeploymentRoutes;
import org.millwright.web.grpc.GrpcServer;
import org.millwright.web.ui.Forms;
import org.millwright.web.ui.TryPages;
import org.millwright.web.ui.Ui;

/** A server, with gRPC beside, that has deployed {@code delays} in version 1. */
public final class ScoringServer implements AutoCloseable {
    /** What listeners heard of since the start. */
    public final List<Scored> seen = new CopyOnWriteArrayList<>();

    public final Users users;
    public final Ids ids;
    public final Scorer scorer;
    final Deployments deployments;
    private final SigningKey key = SigningKey.generate();
    private final Bundles bundles;
    private final Path folder;
    private final Database database = OnDatabases.sqlite();
    private final WebServer server;
    private final GrpcServer grpc;

    public ScoringServer(Path folder, boolean auth) {
        this(folder, auth, new Admission());
    }

    ScoringServer(Path folder, boolean auth, Admission admission) {
        this(folder, auth, admission, Bundle::load, project -> new OnStop.Previous());
    }

    public ScoringServer(Path folder, boolean auth, Admission admission, ModelLoader loader, Terms terms) {
        this.folder = folder;
        Clock clock = Clock.systemUTC();
        ids = new Ids(clock);
        var ledger = TestLedger.open(database, clock, ids, folder);
        users = new Users(database, ledger, clock, ids);
        var artifacts = new Artifacts(folder.resolve("artifacts"), ids);
        bundles = new Bundles(artifacts, folder.resolve("bundles"), () -> List.of(key.trusted()), ids, loader);
        scorer = new Scorer(users.access(), clock, ids, admission);
        deployments = new Deployments(
                database, ledger, users.access(), clock, bundles, scorer, (model, version, bundle) -> {}, terms);
        scorer.add(new RolloutJudge(deployments, scorer, Runnable::run));
        deployments.restore();
        deploy("delays", "1");
        scorer.add(seen::add);
        var settings = new WebSettings("127.0.0.1", 0, auth, Set.of());
        grpc = GrpcServer.start(settings, 0, users, ids, scorer);
        server = WebServer.start(
                settings,
                users,
                ids,
                List.of(
                        new OipRoutes(scorer),
                        new InvocationsRoutes(scorer),
                        new DeploymentRoutes(deployments, scorer, users),
                        new OpenApiRoutes(deployments, scorer, new Examples(deployments, bundles), users),
                        new TryPages(
                                new Ui(), deployments, scorer, new Examples(deployments, bundles), users, new Forms())),
                List.of(new OipErrors(), new InvocationErrors()),
                List::of);
    }

    /** Puts the usual model into production under that name and version. */
    public void deploy(String deployment, String version) {
        Path bundle = TestBundles.write(folder.resolve(deployment + version), version, TestBundles.expected(), key);
        String sha = bundles.keep(bundle).sha256();
        deployments.stage(Actor.LOCAL, new Target(deployment, "flights", "delays", version, sha, 50));
        deployments.canary(Actor.LOCAL, deployment, 100, 1);
        var row = TestBundles.rows().slice(0, 1);
        var first = new ScoringRequest("first", row, List.of(), new long[0], List.of(), List.of());
        scorer.score(Actor.LOCAL, deployment, Optional.empty(), first);
    }

    /** A token of a new machine user with those roles. */
    public String token(String name, Role... roles) {
        users.add(Actor.SYSTEM, name, name, Actor.Kind.MACHINE, Set.of(roles), null);
        return users.issueToken(Actor.SYSTEM, name, "test", Duration.ofDays(1));
    }

    /** Takes what is in production out of use. */
    public void stop(String deployment, String reason) {
        deployments.stop(Actor.LOCAL, deployment, reason);
    }

    public int port() {
        return server.port();
    }

    public GrpcServer grpc() {
        return grpc;
    }

    public int grpcPort() {
        return grpc.port();
    }

    @Override
    public void close() {
        grpc.close();
        server.close();
        database.close();
    }
}
