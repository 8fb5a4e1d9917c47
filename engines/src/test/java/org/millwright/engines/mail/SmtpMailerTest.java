package org.millwright.engines.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.egress.Destinations;
import org.millwright.kernel.Problem;
import org.millwright.notification.Mailer;
import org.millwright.notification.Target;
import org.millwright.notification.Target.Email.Tls;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/** Mail through a real SMTP server: with and without TLS, signed in or not. */
class SmtpMailerTest {
    private static final Mailer.Mail MAIL = new Mailer.Mail(
            "0192", "[critical] delays: Früh raised\r\nBcc: x@example.org", "Was: skill\nn = 400", "<b>skill</b>");

    @TempDir
    static Path folder;

    private static SSLContext local;
    private static SSLContext elsewhere;

    private final Clock clock = Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);
    private final List<MimeMessage> mails = new ArrayList<>();
    private SMTPServer server;

    @BeforeAll
    static void makeCertificates() throws Exception {
        local = context("local", "dns:localhost,ip:127.0.0.1");
        elsewhere = context("elsewhere", "dns:mail.example.org");
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private static SSLContext context(String name, String hosts) throws Exception {
        Path file = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=" + hosts,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        "changeit")
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, "changeit".toCharArray());
        }
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, "changeit".toCharArray());
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private void serve(UnaryOperator<SMTPServer.Builder> how) {
        server = how.apply(SMTPServer.port(0)
                        .bindAddress(InetAddress.getLoopbackAddress())
                        .messageHandler((context, from, to, data) -> take(data)))
                .build();
        server.start();
    }

    private synchronized void take(byte[] data) {
        try {
            mails.add(new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(data)));
        } catch (jakarta.mail.MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SMTPServer.Builder signedIn(SMTPServer.Builder builder) {
        return builder.requireAuth()
                .authenticationHandlerFactory(new EasyAuthenticationHandlerFactory((user, password, context) -> {
                    if (!user.equals("mw") || !password.equals("s3cret")) {
                        throw new LoginFailedException("no such user");
                    }
                }));
    }

    private void send(SSLContext trusted, Tls tls, String user, String password, String host) throws IOException {
        new SmtpMailer(new Destinations(Set.of(host)), Duration.ofSeconds(5), trusted.getSocketFactory(), clock)
                .send(
                        new Target.Email(
                                host,
                                server.getPortAllocated(),
                                tls,
                                user,
                                password,
                                "mw@example.org",
                                List.of("a@example.org", "b@example.org")),
                        MAIL);
    }

    @Test
    void aMailArrivesByStartTlsAndSignedIn() throws Exception {
        serve(builder -> signedIn(builder.enableTLS().requireTLS().startTlsSocketFactory(local)));
        send(local, Tls.STARTTLS, "mw", "s3cret", "localhost");
        MimeMessage mail = mails.getFirst();
        assertThat(mail.getFrom()).extracting(Object::toString).containsExactly("mw@example.org");
        assertThat(mail.getAllRecipients())
                .extracting(Object::toString)
                .containsExactly("a@example.org", "b@example.org");
        assertThat(mail.getSubject()).isEqualTo("[critical] delays: Früh raised Bcc: x@example.org");
        assertThat(mail.getMessageID()).isEqualTo("<0192@millwright>");
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(mail.getHeader("Bcc")).isNull();
        assertThat(mail.getSentDate()).isEqualTo(clock.instant());
        var parts = (MimeMultipart) mail.getContent();
        assertThat(parts.getContentType()).startsWith("multipart/alternative");
        assertThat(parts.getBodyPart(0).getContent().toString()).contains("Was: skill", "n = 400");
        assertThat(parts.getBodyPart(1).getContentType()).startsWith("text/html");
        assertThat(parts.getBodyPart(1).getContent().toString()).contains("<b>skill</b>");
    }

    @Test
    void aMailArrivesByTlsFromTheFirstByte() throws Exception {
        serve(builder -> builder.serverSocketFactory(local));
        send(local, Tls.IMPLICIT, "", "", "127.0.0.1");
        assertThat(mails).hasSize(1);
    }

    @Test
    void aMailArrivesWithoutTlsWhereThatIsAllowed() throws Exception {
        serve(UnaryOperator.identity());
        send(local, Tls.NONE, "", "", "127.0.0.1");
        assertThat(mails).hasSize(1);
    }

    @Test
    void whatIsNotSafeOrNotAllowedIsNotSent() {
        serve(builder -> signedIn(builder.enableTLS().startTlsSocketFactory(elsewhere)));
        assertThatThrownBy(() -> send(elsewhere, Tls.STARTTLS, "mw", "s3cret", "localhost"))
                .as("a certificate for another host")
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> send(local, Tls.STARTTLS, "mw", "s3cret", "localhost"))
                .as("a certificate of nobody who is trusted")
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> send(local, Tls.IMPLICIT, "mw", "s3cret", "localhost"))
                .as("a server that does not speak TLS at once")
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new SmtpMailer(Destinations.PUBLIC, Duration.ofSeconds(5), clock)
                        .send(
                                new Target.Email(
                                        "localhost",
                                        server.getPortAllocated(),
                                        Tls.NONE,
                                        "",
                                        "",
                                        "mw@example.org",
                                        List.of("a@example.org")),
                                MAIL))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("no public address");
        assertThat(mails).isEmpty();
    }

    @Test
    void aServerWithoutStartTlsOrAWrongPasswordIsTold() {
        serve(SmtpMailerTest::signedIn);
        assertThatThrownBy(() -> send(local, Tls.STARTTLS, "mw", "s3cret", "localhost"))
                .hasMessageContaining("STARTTLS is required");
        assertThatThrownBy(() -> send(local, Tls.NONE, "mw", "wrong-password", "127.0.0.1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("535")
                .message()
                .doesNotContain("wrong-password");
        assertThat(mails).isEmpty();
    }
}
