"""What Whisper is known to write where nobody speaks: the credits and goodbyes of the subtitles it was taught on."""

from __future__ import annotations

from diarist.domain.bare_text import bare_words

_CREDITS = """
    Thanks for watching
    Thank you for watching
    Thank you so much for watching
    Thanks for watching and I'll see you next time
    Thanks for watching see you in the next video
    Thank you for listening
    Please subscribe
    Please subscribe to my channel
    Please subscribe to our channel
    Don't forget to like and subscribe
    Like and subscribe
    See you in the next video
    I'll see you in the next video
    See you next time
    Subtitles by the Amara.org community
    Subtitles by
    Transcription by CastingWords
    Copyright all rights reserved
    Untertitel der Amara.org-Community
    Untertitel im Auftrag des ZDF
    Untertitel im Auftrag des ZDF für funk
    Untertitelung des ZDF
    Untertitel von Stephanie Geiges
    Copyright WDR
    Vielen Dank fürs Zuschauen
    Danke fürs Zuschauen
    Bis zum nächsten Mal
    Sous-titres réalisés par la communauté d'Amara.org
    Sous-titres réalisés para la communauté d'Amara.org
    Sous-titrage Société Radio-Canada
    Sous-titrage ST' 501
    Merci d'avoir regardé cette vidéo
    Merci d'avoir regardé
    N'oubliez pas de vous abonner
    Abonnez-vous
    Subtítulos realizados por la comunidad de Amara.org
    Subtítulos por la comunidad de Amara.org
    Gracias por ver el video
    Gracias por ver
    Suscríbete
    Suscríbete al canal
    Legendas pela comunidade Amara.org
    Obrigado por assistir
    Inscreva-se no canal
    Sottotitoli creati dalla comunità Amara.org
    Sottotitoli e revisione a cura di QTSS
    Grazie per aver guardato il video
    Ondertiteld door de Amara.org gemeenschap
    Ondertiteling door de Amara.org gemeenschap
    TV Gelderland
    Bedankt voor het kijken
    Napisy stworzone przez społeczność Amara.org
    Dziękuję za oglądanie
    Dziękuję za uwagę
    Titulky vytvořil JohnyX
    Undertexter från Amara.org-gemenskapen
    Tekstet av Nicolai Winther
    İzlediğiniz için teşekkür ederim
    Altyazı M.K.
    Продолжение следует
    Субтитры сделал DimaTorzok
    Субтитры создавал DimaTorzok
    Редактор субтитров А.Семкин Корректор А.Егорова
    Спасибо за просмотр
    Подписывайтесь на канал
    Дякую за перегляд
    ご視聴ありがとうございました
    最後までご視聴ありがとうございました
    チャンネル登録をお願いいたします
    请不吝点赞 订阅 转发 打赏支持明镜与点点栏目
    字幕由Amara.org社区提供
    字幕志愿者 李宗盛
    谢谢观看
    谢谢大家观看
    感谢观看
    시청해주셔서 감사합니다
    구독과 좋아요 부탁드립니다
    MBC 뉴스 이덕영입니다
    اشتركوا في القناة
    ترجمة نانسي قنقر
    """  # noqa: RUF001 - they are of those languages
_EVERYDAY = """
    You
    Thank you
    Thanks
    Thank you very much
    Thank you so much
    Bye
    Bye bye
    Okay
    Oh
    So
    Yeah
    I'm sorry
    Music
    Applause
    Vielen Dank
    Danke
    Tschüss
    Merci
    Musique
    Gracias
    Música
    Obrigado
    Grazie
    Спасибо
    Музыка
    ありがとうございました
    谢谢
    谢谢大家
    감사합니다
    شكرا
    """


def _table(phrases: str) -> frozenset[tuple[str, ...]]:
    return frozenset(bare_words(line) for line in phrases.split("\n") if line.strip())


CREDITS = _table(_CREDITS)
"""What people hardly ever say in a recording of their own, as `bare_words`."""
EVERYDAY = _table(_EVERYDAY)
"""What people do say; a phantom only where more than its being alone speaks against it."""
