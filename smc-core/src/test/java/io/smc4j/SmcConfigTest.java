package io.smc4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smc4j.SmcConfig.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class SmcConfigTest {

    @TempDir
    Path directory;
    private Properties before;

    @BeforeEach
    void keepProperties() {
        before = (Properties) System.getProperties().clone();
    }

    @AfterEach
    void restoreProperties() {
        System.setProperties(before);
    }

    @Test
    void environmentNames() {
        assertEquals("SMC_MODE", SmcConfig.environmentName(SmcConfig.MODE));
        assertEquals("SMC_LISTEN_LIMIT_HANDSHAKES", SmcConfig.environmentName(SmcConfig.LISTEN_LIMIT_HANDSHAKES));
    }

    @Test
    void defaults() {
        SmcSetting.all().forEach(s -> assertEquals(null, SmcConfig.get(s.name()), s.name() + " is set on this machine"));
        assertEquals(Mode.AUTO, SmcConfig.mode());
        assertTrue(SmcConfig.smcByDefault());
        assertFalse(SmcConfig.logDecisions());
        assertTrue(SmcConfig.listenLimitHandshakes());
        assertEquals(1_000, SmcConfig.connectPatienceMs());
        assertEquals(4_096, SmcConfig.memorySize());
        assertEquals(18, SmcConfig.shortRoundTrips());
        assertEquals(0, SmcConfig.bufferBytes());
    }

    @Test
    void modeNamesItsSource() {
        System.setProperty(SmcConfig.MODE, " Require ");
        assertEquals("require (system property smc.mode=Require)", SmcConfig.effectiveMode().toString());
    }

    @Test
    void misspeltModeIsOff() {
        System.setProperty(SmcConfig.MODE, "of\u0007f");
        assertEquals(Mode.OFF, SmcConfig.mode());
        assertTrue(SmcConfig.effectiveMode().source().contains("smc.mode=of?f"), SmcConfig.effectiveMode().source());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "0", "1.5", "1s", "99999999999999999999", "31536000001", "0x10"})
    void badNumberIsTheDefaultOrInRequireAnError(String text) {
        System.setProperty(SmcConfig.CONNECT_PATIENCE_MS, text);
        assertEquals(SmcConfig.CONNECT_PATIENCE_MS_DEFAULT, SmcConfig.connectPatienceMs());
        System.setProperty(SmcConfig.MODE, "require");
        SmcConfigException e = assertThrows(SmcConfigException.class, SmcConfig::connectPatienceMs);
        assertEquals("smc.connect.patience=" + text + ": expected a whole number from 1 to 31536000000", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "16384", "131072", "100000", "536870912"})
    void bufferBytes(String text) {
        System.setProperty(SmcConfig.BUFFER_BYTES, text);
        System.setProperty(SmcConfig.MODE, "require");
        assertEquals(Integer.parseInt(text), SmcConfig.bufferBytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "128", "16383", "128k", "1e6", "536870913", "4294967296", "99999999999999999999"})
    void badBufferBytesLeaveTheKernelsOwnOrAreAnErrorInRequire(String text) {
        System.setProperty(SmcConfig.BUFFER_BYTES, text);
        assertEquals(0, SmcConfig.bufferBytes());
        System.setProperty(SmcConfig.MODE, "require");
        SmcConfigException e = assertThrows(SmcConfigException.class, SmcConfig::bufferBytes);
        assertEquals("smc.buffer.bytes=" + text + ": expected 0, or a whole number from 16384 to 536870912", e.getMessage());
    }

    @Test
    void badWords() {
        System.setProperty(SmcConfig.DEFAULT, "rdma");
        System.setProperty(SmcConfig.LOG, "yes");
        assertFalse(SmcConfig.smcByDefault());
        assertFalse(SmcConfig.logDecisions());
        System.setProperty(SmcConfig.MODE, "require");
        assertThrows(SmcConfigException.class, SmcConfig::smcByDefault);
        assertThrows(SmcConfigException.class, SmcConfig::logDecisions);
    }

    @Test
    void annotationDecidesWhereNoModeIsSet() throws IOException {
        assertEquals(Mode.OFF, annotated("smc.asm.alibabacloud.com/enabled=\"false\"\n").mode());
        assertEquals("annotation smc.asm.alibabacloud.com/enabled=\"false\"", SmcConfig.effectiveMode().source());
        assertEquals(Mode.AUTO, annotated("smc.asm.alibabacloud.com/enabled=\"true\"").mode());
        assertEquals(Mode.AUTO, annotated("other=\"false\"\n").mode());
        assertEquals(Mode.AUTO, annotated("").mode());
    }

    @Test
    void annotationThatCannotBeUnderstoodIsOff() throws IOException {
        assertEquals(Mode.OFF, annotated("smc.asm.alibabacloud.com/enabled=\"no\"\n").mode());
        assertEquals(Mode.OFF, annotated("smc.asm.alibabacloud.com/enabled=false\n").mode());
        System.setProperty(SmcConfig.ANNOTATIONS, directory.resolve("missing").toString());
        assertEquals(Mode.OFF, SmcConfig.mode());
        System.setProperty(SmcConfig.ANNOTATIONS, directory.toString());
        assertEquals(Mode.OFF, SmcConfig.mode());
        System.setProperty(SmcConfig.ANNOTATIONS, "\0");
        assertEquals(Mode.OFF, SmcConfig.mode());
    }

    @Test
    void propertyGoesBeforeAnnotation() throws IOException {
        annotated("smc.asm.alibabacloud.com/enabled=\"false\"\n");
        System.setProperty(SmcConfig.MODE, "auto");
        assertEquals("auto (system property smc.mode=auto)", SmcConfig.effectiveMode().toString());
    }

    @Test
    void changedAnnotationIsSeen() throws Exception {
        Path file = directory.resolve("annotations");
        Files.writeString(file, "smc.asm.alibabacloud.com/enabled=\"true\"\n");
        System.setProperty(SmcConfig.ANNOTATIONS, file.toString());
        System.setProperty(SmcConfig.RULES_RELOAD_MS, "1");
        assertEquals(Mode.AUTO, SmcConfig.mode());
        Files.writeString(file, "smc.asm.alibabacloud.com/enabled=\"false\"\n");
        Thread.sleep(5);
        assertEquals(Mode.OFF, SmcConfig.mode());
    }

    @Test
    void badReloadTimeWithAnnotationsDoesNotAskItself() throws IOException {
        System.setProperty(SmcConfig.RULES_RELOAD_MS, "soon");
        assertEquals(Mode.OFF, annotated("smc.asm.alibabacloud.com/enabled=\"false\"\n").mode());
    }

    private int files;

    private SmcConfig.EffectiveMode annotated(String text) throws IOException {
        Path file = directory.resolve("annotations" + files++);
        Files.writeString(file, text);
        System.setProperty(SmcConfig.ANNOTATIONS, file.toString());
        return SmcConfig.effectiveMode();
    }
}
