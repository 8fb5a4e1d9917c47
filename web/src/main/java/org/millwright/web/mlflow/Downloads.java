package org.millwright.web.mlflow;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.millwright.tracking.ArtifactFile;
import org.millwright.tracking.ArtifactTree;

/** Sends a file so that no browser runs it: as an attachment, never sniffed, sandboxed. */
final class Downloads {
    private static final HeaderName NOSNIFF = HeaderNames.create("X-Content-Type-Options");
    private static final HeaderName CSP = HeaderNames.create("Content-Security-Policy");
    private static final Set<String> TEXT = Set.of(
            "txt",
            "log",
            "err",
            "cfg",
            "conf",
            "cnf",
            "cf",
            "ini",
            "properties",
            "prop",
            "hocon",
            "toml",
            "yaml",
            "yml",
            "xml",
            "json",
            "js",
            "py",
            "py3",
            "csv",
            "tsv",
            "md",
            "rst",
            "jsonnet",
            "sql",
            "html",
            "htm",
            "svg",
            "mlmodel",
            "mlproject");
    private static final Map<String, String> TYPES = Map.of(
            "png", "image/png",
            "jpg", "image/jpeg",
            "jpeg", "image/jpeg",
            "gif", "image/gif",
            "webp", "image/webp",
            "pdf", "application/pdf",
            "zip", "application/zip",
            "gz", "application/gzip");

    private Downloads() {}

    /** Sends the file, or the one range of it that the request asks for. */
    static void send(ServerRequest request, ServerResponse response, ArtifactTree tree, ArtifactFile file) {
        response.header(HeaderNames.CONTENT_TYPE, type(file.name()));
        response.header(HeaderNames.CONTENT_DISPOSITION, disposition(file.name()));
        response.header(HeaderNames.ACCEPT_RANGES, "bytes");
        response.header(NOSNIFF, "nosniff");
        response.header(CSP, "sandbox; default-src 'none'");
        Optional<ByteRange> asked = request.headers().first(HeaderNames.RANGE).flatMap(ByteRange::of);
        if (asked.isEmpty()) {
            stream(response, Status.OK_200, tree, file, new Span(0, file.size()));
            return;
        }
        Optional<Span> span = asked.get().within(file.size());
        if (span.isEmpty()) {
            response.header(HeaderNames.CONTENT_RANGE, "bytes */" + file.size());
            response.status(Status.REQUESTED_RANGE_NOT_SATISFIABLE_416).send();
            return;
        }
        long first = span.get().first();
        long last = first + span.get().length() - 1;
        response.header(HeaderNames.CONTENT_RANGE, "bytes " + first + "-" + last + "/" + file.size());
        stream(response, Status.PARTIAL_CONTENT_206, tree, file, span.get());
    }

    private static void stream(
            ServerResponse response, Status status, ArtifactTree tree, ArtifactFile file, Span span) {
        response.status(status);
        response.header(HeaderNames.CONTENT_LENGTH, Long.toString(span.length()));
        try (InputStream in = tree.open(file);
                OutputStream out = response.outputStream()) {
            in.skipNBytes(span.first());
            copy(in, out, span.length());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(InputStream in, OutputStream out, long length) throws IOException {
        var buffer = new byte[256 * 1024];
        long left = length;
        while (left > 0) {
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (n < 0) {
                throw new EOFException(left + " bytes are missing");
            }
            out.write(buffer, 0, n);
            left -= n;
        }
    }

    /** Bytes of a file. */
    record Span(long first, long length) {}

    /** One range of a Range header; -1 where the header leaves a side open. */
    record ByteRange(long from, long to) {
        private static final Pattern FORM = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

        /** The header's range; empty for several ranges and for whatever else may be ignored. */
        static Optional<ByteRange> of(String header) {
            var match = FORM.matcher(header.replace(" ", ""));
            if (!match.matches() || match.group(1).isEmpty() && match.group(2).isEmpty()) {
                return Optional.empty();
            }
            var range = new ByteRange(number(match.group(1)), number(match.group(2)));
            return range.from >= 0 && range.to >= 0 && range.to < range.from ? Optional.empty() : Optional.of(range);
        }

        private static long number(String digits) {
            return digits.isEmpty() ? -1 : Long.parseLong(digits);
        }

        /** The bytes of a file of that size; empty when none of them is asked for. */
        Optional<Span> within(long size) {
            long first = from >= 0 ? from : Math.max(0, size - to);
            long end = from >= 0 && to >= 0 ? Math.min(size, to + 1) : size;
            return first < end ? Optional.of(new Span(first, end - first)) : Optional.empty();
        }
    }

    static String type(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return TEXT.contains(ending) ? "text/plain" : TYPES.getOrDefault(ending, "application/octet-stream");
    }

    static String disposition(String name) {
        boolean plain = name.chars().allMatch(c -> c > 0x20 && c < 0x7f && "\"\\;,()<>@:/[]?={}'%*".indexOf(c) < 0);
        return plain
                ? "attachment; filename=" + name
                : "attachment; filename*=UTF-8''"
                        + URLEncoder.encode(name, StandardCharsets.UTF_8)
                                .replace("+", "%20")
                                .replace("*", "%2A");
    }
}
