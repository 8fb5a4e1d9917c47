package org.millwright.app;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.millwright.artifact.Artifacts;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.NoteKey;
import org.millwright.ledger.Witness;
import org.millwright.pipeline.steps.PythonStep;
import org.millwright.tracking.ArtifactTree;
import org.millwright.tracking.Experiments;
import org.millwright.tracking.LoggedModels;
import org.millwright.tracking.Runs;
import org.millwright.web.ErrorForm;
import org.millwright.web.Routes;
import org.millwright.web.WebServer;
import org.millwright.web.ui.Assets;
import org.millwright.web.ui.HtmlErrors;
import org.millwright.web.ui.LedgerPages;
import org.millwright.web.ui.Ui;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole factory, wired by hand in floor order. */
public final class Millwright implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Millwright.class);

    private final Deque<AutoCloseable> parts;
    private final WebServer server;
    private final Users users;

    private Millwright(Settings settings, Clock clock, Deque<AutoCloseable> parts) {
        this.parts = parts;
        // floor 0 and 1
        DataFolder folder = closing(DataFolder.open(settings.data()));
        Path data = folder.path();
        var ids = new Ids(clock);
        Database database = closing(settings.database()
                .map(url -> Database.postgres(url.url(), url.user(), url.password()))
                .orElseGet(() -> Database.sqlite(data.resolve("millwright.db"))));
        NoteKey ledgerKey = NoteKey.open(data.resolve("keys/ledger.key"), "millwright");
        var ledger = new Ledger(database, clock, ids, ledgerKey, new Witness(data.resolve("ledger.checkpoint")));
        closing(() -> {
            if (ledger.size() > 0) {
                ledger.checkpoint();
            }
        });
        var artifacts = new Artifacts(data.resolve("artifacts"), ids);
        users = new Users(database, ledger, clock, ids);

        // floor 2 and up
        var experiments = new Experiments(database, ledger, clock, users.access());
        var files = new ArtifactTree(database, ledger, clock, users.access(), artifacts);
        var tracking = new PythonStep.Tracking(
                experiments,
                new Runs(database, ledger, clock, ids, users.access(), experiments),
                new LoggedModels(database, ledger, clock, ids, users.access(), experiments, files),
                files);
        var ground = new Line.Ground(data, database, ledger, artifacts, users, clock, ids);
        var address = new AtomicReference<>("");
        Line line = closing(new Line(ground, tracking, address::get));

        // adapters
        List<Routes> routes = new ArrayList<>(line.routes());
        List<ErrorForm> forms = new ArrayList<>();
        pages(routes, forms, ledger, clock);
        server = closing(WebServer.start(settings.web(), users, ids, routes, forms, () -> health(database, artifacts)));
        address.set("http://" + reachable(settings.web().host()) + ":" + server.port());
        line.begin();
    }

    /** Opens the data folder and starts to serve; throws a {@code Problem} in one sentence when it cannot. */
    public static Millwright start(Settings settings, Clock clock) {
        var parts = new ArrayDeque<AutoCloseable>();
        try {
            return new Millwright(settings, clock, parts);
        } catch (RuntimeException e) {
            close(parts);
            throw e;
        }
    }

    private void pages(List<Routes> routes, List<ErrorForm> forms, Ledger ledger, Clock clock) {
        var ui = new Ui();
        forms.add(new HtmlErrors(ui));
        routes.add(new Assets());
        routes.add(new LedgerPages(ui, ledger, users, clock));
    }

    /** The name under which this machine reaches a server that listens on the host. */
    private static String reachable(String host) {
        return host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
    }

    public int port() {
        return server.port();
    }

    public Users users() {
        return users;
    }

    private static List<String> health(Database database, Artifacts artifacts) {
        var wrong = new ArrayList<String>();
        try {
            database.check();
            artifacts.folder();
        } catch (RuntimeException e) {
            wrong.add("metadata: " + e.getMessage());
        }
        return wrong;
    }

    /** Stops in the reverse order of starting; everything acknowledged stays. */
    @Override
    public void close() {
        close(parts);
    }

    private static void close(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("Stopping {} failed", part.getClass().getSimpleName(), e);
            }
        }
    }

    private <T extends AutoCloseable> T closing(T part) {
        parts.push(part);
        return part;
    }
}
