package org.millwright.serving;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.millwright.dataset.TableEngine;
import org.millwright.kernel.Ids;
import org.millwright.project.RequestSampling;
import org.millwright.scoring.Frame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a sample of the requests and answers of projects that declare it.
 *
 * <p>A request's thread only puts a reference into a bounded queue. Another of the lowest priority writes what waits into
 * files every five minutes, and at the end; what a sudden end loses is what was drawn within that time.
 */
public final class RequestLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
    private static final Duration EVERY = Duration.ofMinutes(5);

    /** How long files stay that no project speaks for any more. */
    private static final RequestSampling USUAL =
            new RequestSampling(1, Set.of(), RequestSampling.KEEP, RequestSampling.MEGABYTES);

    /** Values that wait in memory, at most: about 16 MB of numbers. */
    private static final long VALUES = 2_000_000;

    private final LogFiles files;
    private final Clock clock;
    private final long mostValues;
    private final ConcurrentLinkedQueue<LoggedRequest> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong waiting = new AtomicLong();
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final Map<String, RequestSampling> retention = new ConcurrentHashMap<>();
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final ReentrantLock storing = new ReentrantLock();
    private volatile Map<String, RequestSampling> sampled = Map.of();
    private volatile @Nullable Thread thread;
    private volatile boolean closed;

    /** Rows of a deployment that are in files, and those that were drawn and are not, since the start. */
    public record Count(long written, long dropped) {}

    private record Counter(LongAdder written, LongAdder dropped) {
        Counter() {
            this(new LongAdder(), new LongAdder());
        }
    }

    private record Key(String deployment, String version, Set<String> redact) {}

    /**
     * @param folder for the files
     * @param keyFile key of the hashes, made when it is needed
     */
    public RequestLog(Path folder, Path keyFile, TableEngine tables, Clock clock, Ids ids) {
        this(folder, keyFile, tables, clock, ids, VALUES);
    }

    RequestLog(Path folder, Path keyFile, TableEngine tables, Clock clock, Ids ids, long mostValues) {
        this.files = new LogFiles(folder, keyFile, tables, ids);
        this.clock = clock;
        this.mostValues = mostValues;
    }

    /** What is drawn from requests to a deployment from now on. */
    synchronized void set(String deployment, Optional<RequestSampling> sampling) {
        var changed = new HashMap<>(sampled);
        sampling.ifPresentOrElse(now -> changed.put(deployment, now), () -> changed.remove(deployment));
        sampled = Map.copyOf(changed);
        retention.put(deployment, sampling.orElse(USUAL));
        if (thread == null && !closed && (sampling.isPresent() || files.exist())) {
            thread = Thread.ofPlatform()
                    .name("request-log")
                    .daemon()
                    .priority(Thread.MIN_PRIORITY)
                    .start(this::loop);
        }
    }

    /** Draws lots for an answered request; returns at once, neither blocks nor throws. */
    void offer(Deployment deployment, Live live, String requestId, Frame inputs, Frame predictions) {
        RequestSampling sampling = sampled.get(deployment.name());
        if (sampling == null || ThreadLocalRandom.current().nextDouble() >= sampling.share()) {
            return;
        }
        var request = new LoggedRequest(
                deployment.name(),
                live.version(),
                requestId,
                clock.millis(),
                live.signature(),
                inputs,
                predictions,
                sampling);
        long now = waiting.addAndGet(request.values());
        if (now > mostValues || closed) {
            waiting.addAndGet(-request.values());
            counter(request).dropped().add(inputs.rows());
            return;
        }
        queue.add(request);
        if (now > mostValues / 2) {
            LockSupport.unpark(thread);
        }
    }

    private Counter counter(LoggedRequest request) {
        return counters.computeIfAbsent(request.deployment(), name -> new Counter());
    }

    private void loop() {
        while (!closed) {
            LockSupport.parkNanos(this, EVERY.toNanos());
            store();
        }
    }

    /** Writes everything that was drawn up to now; returns when it is in files. */
    public void store() {
        storing.lock();
        try {
            var groups = new LinkedHashMap<Key, List<LoggedRequest>>();
            for (LoggedRequest next = queue.poll(); next != null; next = queue.poll()) {
                var key = new Key(
                        next.deployment(), next.version(), next.sampling().redact());
                groups.computeIfAbsent(key, group -> new ArrayList<>()).add(next);
            }
            groups.values().forEach(this::store);
            retention.forEach(this::prune);
        } finally {
            storing.unlock();
        }
    }

    private void store(List<LoggedRequest> requests) {
        LoggedRequest first = requests.getFirst();
        long rows = requests.stream().mapToLong(each -> each.inputs().rows()).sum();
        try {
            if (mayBeKept(first)) {
                files.write(requests, clock.millis());
                counter(first).written().add(rows);
            } else {
                counter(first).dropped().add(rows);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} rows of requests to {} were not logged", rows, first.deployment(), e);
            counter(first).dropped().add(rows);
        } finally {
            waiting.addAndGet(
                    -requests.stream().mapToLong(LoggedRequest::values).sum());
        }
    }

    /** A name that the model does not know may be a personal column's, written wrongly: then nothing is kept. */
    private boolean mayBeKept(LoggedRequest request) {
        List<String> unknown = LogFiles.unknown(request);
        if (!unknown.isEmpty() && told.add(request.deployment() + "/" + request.version() + unknown)) {
            LOG.warn(
                    "Requests to {} are not logged: release.log.redact names {}, which version {} has not",
                    request.deployment(),
                    unknown,
                    request.version());
        }
        return unknown.isEmpty();
    }

    private void prune(String deployment, RequestSampling sampling) {
        try {
            files.prune(deployment, sampling.keep(), sampling.megabytes(), clock.millis());
        } catch (IOException e) {
            LOG.warn("Old logged requests to {} could not be deleted", deployment, e);
        }
    }

    /** By deployment. */
    public Map<String, Count> counts() {
        var counts = new TreeMap<String, Count>();
        counters.forEach((name, counter) -> counts.put(
                name, new Count(counter.written().sum(), counter.dropped().sum())));
        return counts;
    }

    /** Writes what waits and takes no more. */
    @Override
    public synchronized void close() {
        closed = true;
        LockSupport.unpark(thread);
        store();
    }
}
