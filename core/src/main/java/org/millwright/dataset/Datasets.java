package org.millwright.dataset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millwright.artifact.Artifacts;
import org.millwright.artifact.Stored;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** Data as immutable versions, one a period and correction, each checked against its contract when it comes in. */
public final class Datasets {
    private static final Pattern REF =
            Pattern.compile("(?:dataset:)?([a-z][a-z0-9_-]*)@([A-Za-z0-9._-]+)(?:/(\\d{1,9}))?");

    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Artifacts artifacts;
    private final TableEngine tables;
    private final Path scratch;
    private final Clock clock;
    private final Ids ids;
    private final DatasetStore store;
    private final Map<String, ReentrantLock> incoming = new ConcurrentHashMap<>();

    /** @param scratch folder for files in the making and nothing else; emptied now */
    public Datasets(
            Database database,
            Ledger ledger,
            Access access,
            Artifacts artifacts,
            TableEngine tables,
            Path scratch,
            Clock clock,
            Ids ids) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.artifacts = artifacts;
        this.tables = tables;
        this.scratch = scratch;
        this.clock = clock;
        this.ids = ids;
        this.store = new DatasetStore(database);
        clear(scratch);
    }

    /** Starts the table engine, so that the first file need not wait for it. */
    public void prepare() {
        tables.check();
    }

    /**
     * Takes a file in: a new version, or the one that holds the same bytes checked against the same contract.
     *
     * <p>Data that breaks its contract becomes a version too, in quarantine; the caller looks at {@link
     * DatasetVersion#state()}.
     */
    public DatasetVersion acquire(Actor by, Acquisition data) {
        String owner = database.read(() -> store.owner(data.dataset())).orElse(data.project());
        if (!owner.equals(data.project())) {
            throw new Problem.Conflict(
                    "The dataset " + data.dataset() + " belongs to project " + owner,
                    "Choose another name for the data of " + data.project() + ".");
        }
        access.require(by, Permission.MANAGE_DATA, owner);
        ReentrantLock turn = incoming.computeIfAbsent(data.dataset() + "@" + data.period(), key -> new ReentrantLock());
        turn.lock();
        try {
            String source = sha256(data.file());
            String contract = data.contract().map(ContractTable::digest).orElse("");
            Optional<DatasetVersion> same =
                    database.read(() -> store.bySource(data.dataset(), data.period(), source, contract));
            return same.orElseGet(() -> ingest(by, data, source, contract));
        } finally {
            turn.unlock();
        }
    }

    private DatasetVersion ingest(Actor by, Acquisition data, String source, String contract) {
        Path dir = makeScratch();
        try {
            Path parquet = dir.resolve("data.parquet");
            Path failing = dir.resolve("failing.parquet");
            Instant reference = Period.end(data.period()).orElseGet(clock::instant);
            TableEngine.Ingested got = tables.ingest(
                    data.file(), TableEngine.Format.of(data.file()), data.contract(), reference, parquet, failing);
            Stored stored = artifacts.put(parquet);
            Optional<DatasetVersion> same =
                    database.read(() -> store.byBytes(data.dataset(), data.period(), stored.sha256(), contract));
            if (same.isPresent()) {
                return same.get();
            }
            Optional<String> rejected = got.failing() == 0
                    ? Optional.empty()
                    : Optional.of(artifacts.put(failing).sha256());
            if (isBroken(got)) {
                artifacts.put(data.file());
            }
            return database.write(() -> keep(by, data, source, contract, got, stored, rejected));
        } finally {
            delete(dir);
        }
    }

    private DatasetVersion keep(
            Actor by,
            Acquisition data,
            String source,
            String contract,
            TableEngine.Ingested got,
            Stored stored,
            Optional<String> rejected) {
        long now = clock.millis();
        store.insert(data.dataset(), data.project(), now);
        var version = new DatasetVersion(
                ids.next(),
                data.dataset(),
                data.period(),
                store.lastNumber(data.dataset(), data.period()) + 1,
                isBroken(got) ? DatasetVersion.State.QUARANTINED : DatasetVersion.State.ACCEPTED,
                stored.sha256(),
                got.rows(),
                stored.size(),
                source,
                data.contract().map(ContractTable::contract).orElse(""),
                contract,
                got.columns(),
                got.profile(),
                got.report(),
                rejected,
                data.origin(),
                now,
                by.id());
        store.insert(version);
        record(by, data, version);
        return version;
    }

    private void record(Actor by, Acquisition data, DatasetVersion version) {
        var subjects = new ArrayList<String>(List.of(
                version.ref(),
                "dataset:" + version.dataset() + "@" + version.period(),
                "dataset:" + version.dataset(),
                "project:" + data.project()));
        version.origin().run().ifPresent(run -> subjects.add("run:" + run));
        ObjectNode details = Json.object()
                .put("sha256", version.sha256())
                .put("rows", version.rows())
                .put("source", version.sourceSha256())
                .put("file", version.origin().file())
                .put("contract", version.contract())
                .put("contractDigest", version.contractDigest());
        version.report().ifPresent(report -> {
            details.put("verdict", report.verdict().name());
            details.set(
                    "broken",
                    Json.tree(report.broken().stream()
                            .map(RuleResult::line)
                            .map(line -> line.length() > 300 ? line.substring(0, 300) + "…" : line)
                            .limit(50)
                            .toList()));
        });
        String action = version.isAccepted() ? "dataset.version-accepted" : "dataset.version-quarantined";
        ledger.append(by, action, subjects, details);
    }

    /** A version by its reference {@code flights@2013-01/2}; without a number the newest accepted one. */
    public DatasetVersion get(String ref) {
        Matcher matcher = REF.matcher(ref);
        if (!matcher.matches()) {
            throw new Problem.Invalid("'" + ref + "' is no dataset version (expected: such as flights@2013-01/1)");
        }
        String dataset = matcher.group(1);
        String period = matcher.group(2);
        Optional<DatasetVersion> found = matcher.group(3) == null
                ? select(dataset, Optional.of(period), Optional.of(period)).stream()
                        .findFirst()
                : database.read(() -> store.get(dataset, period, Integer.parseInt(matcher.group(3))));
        return found.orElseThrow(() -> new Problem.NotFound("No dataset version " + ref, "mw data list " + dataset));
    }

    /** The newest accepted version of each period from {@code from} through {@code through}, in order of period. */
    public List<DatasetVersion> select(String dataset, Optional<String> from, Optional<String> through) {
        var newest = new LinkedHashMap<String, DatasetVersion>();
        for (DatasetVersion version : database.read(() -> store.versions(dataset, from, through))) {
            if (version.isAccepted()) {
                newest.put(version.period(), version);
            }
        }
        return List.copyOf(newest.values());
    }

    /** Every version of a dataset, by period and number. */
    public List<DatasetVersion> versions(String dataset) {
        return database.read(() -> store.versions(dataset, Optional.empty(), Optional.empty()));
    }

    /** What the datasets of a project took in and accepted, in the order in which it came. */
    public List<Arrival> arrivals(String project) {
        return database.read(() -> store.arrivals(project));
    }

    /** The names of a project's datasets. */
    public List<String> names(String project) {
        return database.read(() -> store.names(Optional.of(project)));
    }

    /** The names of all datasets. */
    public List<String> names() {
        return database.read(() -> store.names(Optional.empty()));
    }

    private static boolean isBroken(TableEngine.Ingested got) {
        return got.report()
                .filter(report -> report.verdict() == ValidationReport.Verdict.BROKEN)
                .isPresent();
    }

    private Path makeScratch() {
        try {
            Files.createDirectories(scratch);
            return Files.createTempDirectory(scratch, "ingest");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes what a killed server left in the making. */
    private static void clear(Path scratch) {
        if (!Files.isDirectory(scratch)) {
            return;
        }
        try (var left = Files.list(scratch)) {
            left.filter(Files::isDirectory).toList().forEach(Datasets::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path dir) {
        try (var files = Files.list(dir)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(dir);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file);
                var digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digest.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (java.nio.file.NoSuchFileException e) {
            throw new Problem.NotFound("No file " + file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
