package org.millwright.engines.python;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** Finds and downloads one file of a Python package index (the simple API, JSON or HTML), the way the user set it up. */
final class IndexClient {
    private static final String ACCEPT =
            "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";
    private static final Pattern LINK = Pattern.compile("<a\\s[^>]*href=[\"']([^\"']+)[\"']", Pattern.CASE_INSENSITIVE);

    private final PipSettings settings;

    IndexClient(PipSettings settings) {
        this.settings = settings;
    }

    /** Downloads the file of the project to {@code target}; the caller checks its hash. */
    void download(String project, String fileName, Path target) {
        URI page = URI.create(settings.index() + "/" + project + "/");
        try (HttpClient http = client()) {
            var listed =
                    http.send(request(page).header("Accept", ACCEPT).build(), HttpResponse.BodyHandlers.ofString());
            requireOk(listed, page);
            String type = listed.headers().firstValue("Content-Type").orElse("");
            Optional<URI> file = type.contains("json")
                    ? inJson(listed.uri(), listed.body(), fileName)
                    : inHtml(listed.uri(), listed.body(), fileName);
            URI address = file.orElseThrow(() -> new Problem.Unavailable(
                    "The package index " + page + " has no file " + fileName,
                    "Use an index that mirrors PyPI, or install uv and set MW_UV to its path."));
            var got = http.send(request(address).build(), HttpResponse.BodyHandlers.ofFile(target));
            requireOk(got, address);
        } catch (IOException e) {
            throw new Problem.Unavailable(
                    "Cannot reach the package index " + page + ": " + e,
                    "Check HTTPS_PROXY, SSL_CERT_FILE and PIP_INDEX_URL, or set MW_UV to the path of an installed uv.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem.Unavailable("Interrupted while downloading " + fileName, "Try again.", e);
        }
    }

    private static Optional<URI> inJson(URI page, String body, String fileName) {
        for (JsonNode file : Json.parse(body).path("files")) {
            if (file.path("filename").asText().equals(fileName)) {
                return Optional.of(page.resolve(file.path("url").asText()));
            }
        }
        return Optional.empty();
    }

    private static Optional<URI> inHtml(URI page, String body, String fileName) {
        Matcher links = LINK.matcher(body);
        while (links.find()) {
            URI link = page.resolve(links.group(1).replace("&amp;", "&"));
            if (link.getPath() != null && link.getPath().endsWith("/" + fileName)) {
                return Optional.of(link);
            }
        }
        return Optional.empty();
    }

    private static void requireOk(HttpResponse<?> response, URI address) {
        if (response.statusCode() != 200) {
            throw new Problem.Unavailable(
                    address + " answered with status " + response.statusCode() + " (expected: 200)",
                    "Check the package index in PIP_INDEX_URL or pip.conf.");
        }
    }

    private HttpRequest.Builder request(URI address) {
        var request =
                HttpRequest.newBuilder(address).timeout(Duration.ofMinutes(10)).header("User-Agent", "millwright");
        URI index = URI.create(settings.index());
        if (index.getUserInfo() != null && index.getHost().equals(address.getHost())) {
            byte[] credentials = index.getUserInfo().getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
        }
        return request;
    }

    private HttpClient client() {
        var builder = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(Duration.ofSeconds(20));
        settings.certificates().ifPresent(file -> builder.sslContext(trusting(file)));
        builder.proxy(new Proxies(settings));
        return builder.build();
    }

    /** The usual certificate authorities and those of the file. */
    private static SSLContext trusting(Path pem) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            TrustManagerFactory usual = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            usual.init((KeyStore) null);
            for (X509Certificate certificate : ((X509TrustManager) usual.getTrustManagers()[0]).getAcceptedIssuers()) {
                store.setCertificateEntry("usual-" + count++, certificate);
            }
            try (InputStream in = Files.newInputStream(pem)) {
                for (Certificate certificate :
                        CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    store.setCertificateEntry("own-" + count++, certificate);
                }
            }
            TrustManagerFactory all = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            all.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, all.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new Problem.Unavailable("Cannot read the certificates in " + pem, "Check SSL_CERT_FILE.", e);
        }
    }

    /** The proxy of the user's settings for each address. */
    private static final class Proxies extends ProxySelector {
        private final PipSettings settings;

        Proxies(PipSettings settings) {
            this.settings = settings;
        }

        @Override
        public java.util.List<java.net.Proxy> select(URI address) {
            String host = address.getHost();
            boolean direct = settings.direct().stream()
                    .map(name -> name.replaceFirst("^\\*?\\.", ""))
                    .anyMatch(name ->
                            !name.isEmpty() && (name.equals("*") || host.equals(name) || host.endsWith("." + name)));
            Optional<String> proxy = direct ? Optional.empty() : settings.proxy(address.getScheme());
            return java.util.List.of(proxy.map(Proxies::http).orElse(java.net.Proxy.NO_PROXY));
        }

        private static java.net.Proxy http(String url) {
            URI uri = URI.create(url.contains("://") ? url : "http://" + url);
            int port = uri.getPort() > 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
            return new java.net.Proxy(java.net.Proxy.Type.HTTP, new InetSocketAddress(uri.getHost(), port));
        }

        @Override
        public void connectFailed(URI address, java.net.SocketAddress proxy, IOException failure) {
            // The failed request reports it.
        }
    }
}
