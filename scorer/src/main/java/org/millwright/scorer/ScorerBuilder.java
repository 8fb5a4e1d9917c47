package org.millwright.scorer;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.remote.Address;
import org.millwright.scoring.remote.Pace;
import org.millwright.scoring.remote.ProfileReports;
import org.millwright.scoring.remote.Recorder;
import org.millwright.scoring.signing.TrustedKey;

/** How a scorer is set up: where its model is, whose signature it believes, and what it may do beside scoring. */
public final class ScorerBuilder {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    final ModelUri uri;
    final List<TrustedKey> keys = new ArrayList<>();
    Duration every = Duration.ofSeconds(30);
    Duration report = Duration.ofSeconds(60);
    Clock clock = Clock.systemUTC();

    @Nullable
    ScheduledExecutorService scheduler;

    int waitingRows = 100_000;
    private @Nullable Path cache;
    private String token = "";
    private String server = "";
    private @Nullable Path file;
    private @Nullable URI archive;
    private String store = "";
    private Optional<URI> endpoint = Optional.empty();
    private String deployment;
    private boolean monitoring = true;

    ScorerBuilder(ModelUri uri) {
        this.uri = uri;
        this.deployment = uri.name();
    }

    /** Takes the model from a Millwright server that asks for no credentials. */
    public ScorerBuilder server(String url) {
        return server(url, "");
    }

    /** Takes the model from a Millwright server, and sends it profiles; the token's owner must be allowed to score. */
    public ScorerBuilder server(String url, String bearer) {
        parsed(url);
        server = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        token = bearer;
        return this;
    }

    /**
     * Takes the model from this machine: a bundle's archive or folder, or a folder of them by name, in which
     * {@code models:/delays@champion} is {@code delays/champion.zip} or the folder {@code delays/champion}.
     */
    public ScorerBuilder file(Path path) {
        file = path;
        return this;
    }

    /** Takes the model's archive from an address that answers GET, such as an object store's or a presigned one. */
    public ScorerBuilder address(String url) {
        archive = parsed(url);
        return this;
    }

    /**
     * Takes the model from an object store that speaks S3, such as {@code s3://bucket/models}, where {@code mw model publish}
     * puts it: {@code delays/champion.json} under the prefix names the archive beside it. Needs {@code software.amazon.awssdk:s3}
     * and {@code url-connection-client}; credentials and region come from where the SDK looks for them.
     */
    public ScorerBuilder store(String s3) {
        store = s3;
        return this;
    }

    /** Where the object store answers, if it is not Amazon's. */
    public ScorerBuilder endpoint(String url) {
        endpoint = Optional.of(Address.parse(url));
        return this;
    }

    /** Believes bundles that this key's private half signed: a PEM file, the server's {@code keys/bundles.pem.pub}. */
    public ScorerBuilder trust(Path pem) {
        try {
            return trust(TrustedKey.fromPem(Files.readString(pem)));
        } catch (IOException e) {
            throw new ScorerException("the key " + pem + " cannot be read: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new ScorerException("the key " + pem + " is no P-256 public key in PEM", e);
        }
    }

    public ScorerBuilder trust(TrustedKey key) {
        keys.add(key);
        return this;
    }

    /** Keeps the last good bundle in this folder, so that the application starts while the server is away. */
    public ScorerBuilder cache(Path folder) {
        cache = folder;
        return this;
    }

    /** Looks for another version this often; 30 seconds unless said otherwise. */
    public ScorerBuilder every(Duration interval) {
        every = interval(interval);
        return this;
    }

    /** Sends profiles this often; every minute unless said otherwise. */
    public ScorerBuilder report(Duration interval) {
        report = interval(interval);
        return this;
    }

    /** The deployment whose monitoring counts what is scored here; the model's name unless said otherwise. */
    public ScorerBuilder deployment(String name) {
        deployment = name;
        return this;
    }

    /** Sends no profiles. */
    public ScorerBuilder withoutMonitoring() {
        monitoring = false;
        return this;
    }

    /** Rows that may wait to be profiled; more are lost to monitoring and counted. 100,000 unless said otherwise. */
    public ScorerBuilder waitingRows(int rows) {
        waitingRows = rows;
        return this;
    }

    public ScorerBuilder clock(Clock given) {
        clock = given;
        return this;
    }

    /** Runs what happens in the background on this scheduler, which the caller stops; else on threads of its own. */
    public ScorerBuilder scheduler(ScheduledExecutorService given) {
        scheduler = given;
        return this;
    }

    /**
     * Loads the model: the source's version, or the one in the cache when the source cannot be reached.
     *
     * @throws ScorerException when there is neither, or what there is may not answer; the message says why
     */
    public Scorer open() {
        if (keys.isEmpty()) {
            throw new ScorerException("no key to verify bundles with: call trust(…) with the server's bundles.pem.pub");
        }
        HttpClient http = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(archive == null ? HttpClient.Redirect.NEVER : HttpClient.Redirect.NORMAL)
                .build();
        return Scorer.open(this, source(http), folder(), http);
    }

    private Source source(HttpClient http) {
        int given = (server.isEmpty() ? 0 : 1)
                + (file == null ? 0 : 1)
                + (archive == null ? 0 : 1)
                + (store.isEmpty() ? 0 : 1);
        if (given != 1) {
            throw new ScorerException("the model comes from " + (given == 0 ? "nowhere" : "several places")
                    + ": call one of server(…), file(…), address(…) and store(…)");
        }
        if (!store.isEmpty()) {
            return store();
        }
        if (file != null) {
            return new FileSource(uri, file);
        }
        if (archive != null) {
            return new HttpSource(http, new Address(archive, ""));
        }
        String rest = uri.version().isEmpty() ? "aliases/" + uri.alias() : "versions/" + uri.version();
        return new HttpSource(http, api("models/" + escaped(uri.name()) + "/" + rest + "/bundle"));
    }

    private Source store() {
        try {
            return new S3Source(uri, store, endpoint);
        } catch (NoClassDefFoundError e) {
            throw new ScorerException(
                    "an object store needs software.amazon.awssdk:s3 and software.amazon.awssdk:url-connection-client"
                            + " among the application's dependencies",
                    e);
        }
    }

    /** What sends profiles, if any are sent. */
    Optional<ProfileReports> profiles(HttpClient http, Recorder recorder) {
        return isWatched()
                ? Optional.of(new ProfileReports(
                        http,
                        api("deployments/" + escaped(deployment) + "/profiles"),
                        UUID.randomUUID().toString(),
                        recorder))
                : Optional.empty();
    }

    boolean isWatched() {
        return monitoring && !server.isEmpty();
    }

    boolean isTemporary() {
        return cache == null;
    }

    private static URI parsed(String url) {
        try {
            return Address.parse(url);
        } catch (IllegalArgumentException e) {
            throw new ScorerException(String.valueOf(e.getMessage()));
        }
    }

    private static Duration interval(Duration given) {
        try {
            return new Pace(given, new Random()).interval();
        } catch (IllegalArgumentException e) {
            throw new ScorerException(String.valueOf(e.getMessage()));
        }
    }

    private Address api(String path) {
        return new Address(parsed(server + "/api/1/" + path), token);
    }

    private static String escaped(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Each model has a folder of its own in the cache. */
    private Path folder() {
        try {
            return cache == null
                    ? Files.createTempDirectory("millwright-scorer")
                    : cache.resolve(escaped(uri.name()) + "-" + uri.rest());
        } catch (IOException e) {
            throw new ScorerException("there is no room for the model: " + e, e);
        }
    }
}
