"""Where it happened: eight kinds of incident, of which each record is exactly one."""

from core.cybertipline.grammar.accounts import IP_CAPTURE
from core.cybertipline.grammar.kinds import DEGREES, FLAG, TEXT, URL, string
from core.cybertipline.grammar.people import ADDRESS, EMAIL, PHONE
from core.cybertipline.grammar.shapes import Attribute, Order, Shape, many, maybe, one

_MORE = maybe("additionalInfo", TEXT)
_CONTENT = maybe("content", TEXT)

WEB_PAGE = Shape("webPageIncident", (many("url", URL), _MORE), attributes=(Attribute("thirdPartyHostedContent", FLAG),))
E_MAIL = Shape("emailIncident", (many("emailAddress", EMAIL), _CONTENT, _MORE))
NEWSGROUP = Shape("newsgroupIncident", (maybe("name", string(255)), many("emailAddress", EMAIL), _CONTENT, _MORE))
CHAT = Shape("chatImIncident", (maybe("chatClient", string(255)), maybe("chatRoomName", string(255)), _CONTENT, _MORE))
GAME = Shape("onlineGamingIncident", (maybe("gameName", string(255)), maybe("console", string(255)), _CONTENT, _MORE))
CELL_PHONE = Shape(
    "cellPhoneIncident", (maybe("phoneNumber", PHONE), maybe("latitude", DEGREES), maybe("longitude", DEGREES), _MORE)
)
ELSEWHERE = Shape("nonInternetIncident", (maybe("locationName", string(255)), many("incidentAddress", ADDRESS), _MORE))
PEERS = Shape(
    "peer2peerIncident",
    (maybe("client", string(255)), many("ipCaptureEvent", IP_CAPTURE), maybe("fileNames", TEXT), _MORE),
)
INTERNET_DETAILS = Shape(
    "internetDetails",
    tuple(one(shape.name, shape) for shape in (WEB_PAGE, E_MAIL, NEWSGROUP, CHAT, GAME, CELL_PHONE, ELSEWHERE, PEERS)),
    order=Order.CHOICE,
)
